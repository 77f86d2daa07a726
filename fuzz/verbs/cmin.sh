# shellcheck shell=bash
# verb: cmin TARGET
# about: reduce seeds and collected inputs to the few that reach as many lines and branches
# help: The next campaign (scripts/fuzz run) starts with the result as well. Nothing is lost: all lines and branches that
# help: the inputs reach are measured before and after.
# shared: --release --src
# option: --out DIR | folder for the result (default: build/campaigns/TARGET-min)
# example: scripts/fuzz cmin caps-load
#
# libFuzzer's merge chooses the inputs. It continues after an input that crashes or hangs, counts how often loops run,
# as campaigns do, and keeps the smallest of equal inputs. afl-cmin is as fast and keeps fewer inputs, but knows only the
# edges of an optimised program: of 1320 inputs for caps-load it kept 548, which reached 7 branches less. Therefore the
# flavour coverage measures what is reached, per line and branch of the source, and inputs whose lines or branches the
# merge lost are put back.
#
# The inputs themselves are not trimmed: AFL++ has already trimmed them with our mutator when it found them, and
# libFuzzer replaces an input by a smaller one when it finds one.

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh

# Copies the files in the folders into FOLDER, each content once, named by its SHA-1 as libFuzzer names inputs.
gather() {
    local folder=$1 sum file
    shift
    mkdir -p "$folder"
    find "$@" -type f ! -empty ! -path '*/.state/*' -print0 | xargs -0 -r sha1sum | sort -u -k 1,1 | while read -r sum file; do
        cp "$file" "$folder/$sum"
    done
}

# Prints the lines and branches that files and folders reach, one per line, sorted.
reached_by() {
    rm -f "$partial/profraw"
    LLVM_PROFILE_FILE=$partial/profraw nice -n 19 "$programs/targets/$target" --runs 1 "$@" >"$log" 2>&1 || true
    llvm-profdata merge -sparse -o "$partial/profdata" "$partial/profraw" 2>>"$log" ||
        fail "an input crashes the target in the flavour coverage; find it with: scripts/fuzz triage --target $target FILE...; the log is $log"
    llvm-cov export -format=lcov -instr-profile "$partial/profdata" "$programs/targets/$target" |
        awk -F '[:,]' '
            $1 == "SF" { file = $2 }
            $1 == "DA" && $3 > 0 { print file ":" $2 }
            $1 == "BRDA" && $5 > 0 { print file ":" $2 ":" $3 ":" $4 }' | sort
}

# Finds by bisection those of the files that reach what $partial/lost lists, and copies them to FOLDER.
put_back() {
    local folder=$1 half
    shift
    reached_by "$@" >"$partial/again"
    [[ $(comm -12 "$partial/lost" "$partial/again") ]] || return 0
    if (($# == 1)); then
        cp "$1" "$folder/"
        comm -23 "$partial/lost" "$partial/again" >"$partial/still-lost"
        mv "$partial/still-lost" "$partial/lost"
        return
    fi
    half=$(($# / 2))
    put_back "$folder" "${@:1:half}"
    [[ ! -s $partial/lost ]] || put_back "$folder" "${@:half+1}"
}

# Prints the number of files in a folder and their total size.
size_of() {
    find "$1" -type f -printf '%s\n' | awk '{ bytes += $1 } END { printf "%d files, %d bytes", NR, bytes }'
}

verb_cmin() {
    local out=${option[out]-build/campaigns/$target-min} log partial folders merge
    collect_folders "$target"
    if [[ -e $out && (! -d $out || $(find "$out" -mindepth 1 ! -regex '.*/[0-9a-f]*' -print -quit)) ]]; then
        usage_error "$out exists and is not a minimised corpus: choose another folder with --out"
    fi
    build_flavour libfuzzer
    merge=$programs/targets/$target
    build_flavour coverage
    partial=$out.partial log=$out.log
    # shellcheck disable=SC2064  # the folder is known now, and not visible when the trap runs
    trap "rm -rf ${partial@Q}" EXIT
    rm -rf "$partial"
    gather "$partial/all" "${folders[@]}"
    reached_by "$partial/all" >"$partial/before"

    mkdir "$partial/min"
    nice -n 19 "$merge" -merge=1 -max_len=1048576 -timeout=25 -rss_limit_mb=2048 "$partial/min" "$partial/all" >"$log" 2>&1 ||
        fail "libFuzzer could not merge the inputs; the log is $log"
    reached_by "$partial/min" >"$partial/after"
    comm -23 "$partial/before" "$partial/after" >"$partial/lost"
    if [[ -s $partial/lost ]]; then
        put_back "$partial/min" "$partial"/all/*
        reached_by "$partial/min" >"$partial/after"
        comm -23 "$partial/before" "$partial/after" >"$partial/lost"
    fi
    if [[ -s $partial/lost ]]; then
        cp "$partial/lost" "$log"
        say "$(wc -l <"$partial/lost") of $(wc -l <"$partial/before") lines and branches would be lost; $log lists them"
        return 1
    fi

    printf '%s: reduced %s to %s, which reach the same %d lines and branches\n' "$target" "$(size_of "$partial/all")" \
        "$(size_of "$partial/min")" "$(wc -l <"$partial/before")"
    rm -rf "$out"
    mv "$partial/min" "$out"
    printf '%s\n' "$out"
}
