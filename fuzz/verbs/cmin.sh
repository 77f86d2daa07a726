# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: cmin TARGET | keep of seeds and of what campaigns collected the few inputs that reach as much
#
# libFuzzer's merge chooses them. It goes on after an input that crashes or hangs, tells loops by how often they were
# walked, as campaigns do, and takes the smallest of equal inputs. afl-cmin is as quick and keeps fewer, but knows only
# the edges of an optimised program: of 1320 inputs for caps-load it kept 548, which reached 7 branches less. That
# nothing is lost is measured, therefore, line by line and branch by branch of the source, by the flavour coverage; and
# what was lost all the same is put back.
#
# The inputs themselves are not trimmed: AFL++ has done that with the mutator's trim when it found them, and libFuzzer
# takes a smaller input in the place of a larger one as it goes.

# Copies what is in the folders into FOLDER, each content once, named by its SHA-1 as libFuzzer has it.
gather() {
    local folder=$1 sum file
    shift
    mkdir -p "$folder"
    find "$@" -type f ! -empty ! -path '*/.state/*' -print0 | xargs -0 -r sha1sum | sort -u -k 1,1 | while read -r sum file; do
        cp "$file" "$folder/$sum"
    done
}

# Prints the lines and branches that files and folders reach, one of them a line, sorted.
reached_by() {
    rm -f "$partial/profraw"
    LLVM_PROFILE_FILE=$partial/profraw nice -n 19 "$programs/targets/$target" --runs 1 "$@" >"$log" 2>&1 || true
    llvm-profdata merge -sparse -o "$partial/profdata" "$partial/profraw" 2>>"$log" ||
        failed "an input ends the process in the flavour coverage: scripts/fuzz triage --target $target FILE...; the log is $log"
    llvm-cov export -format=lcov -instr-profile "$partial/profdata" "$programs/targets/$target" |
        awk -F '[:,]' '
            $1 == "SF" { file = $2 }
            $1 == "DA" && $3 > 0 { print file ":" $2 }
            $1 == "BRDA" && $5 > 0 { print file ":" $2 ":" $3 ":" $4 }' | sort
}

# Copies to FOLDER those of the files, found by halving, that reach what the file $partial/lost lists.
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

# How many files a folder has, and of what size they are.
size_of() {
    find "$1" -type f -printf '%s\n' | awk '{ bytes += $1 } END { printf "%d files, %d bytes", NR, bytes }'
}

verb_cmin() {
    local log partial folders merge
    one_target "$@"
    no_flavour "it needs libfuzzer and coverage"
    collected_for "$target"
    : "${out:=build/campaigns/$target-min}"
    if [[ -e $out && (! -d $out || $(find "$out" -mindepth 1 ! -regex '.*/[0-9a-f]*' -print -quit)) ]]; then
        wrong "$out is there, and no minimised corpus: say another place"
    fi
    build_flavour libfuzzer
    merge=$programs/targets/$target
    build_flavour coverage
    partial=$out.partial log=$out.log
    trap 'rm -rf "$out.partial"' EXIT
    rm -rf "$partial"
    gather "$partial/all" "${folders[@]}"
    reached_by "$partial/all" >"$partial/before"

    mkdir "$partial/min"
    nice -n 19 "$merge" -merge=1 -max_len=1048576 -timeout=25 -rss_limit_mb=2048 "$partial/min" "$partial/all" >"$log" 2>&1 ||
        failed "libFuzzer did not merge; the log is $log"
    reached_by "$partial/min" >"$partial/after"
    comm -23 "$partial/before" "$partial/after" >"$partial/lost"
    if [[ -s $partial/lost ]]; then
        put_back "$partial/min" "$partial"/all/*
        reached_by "$partial/min" >"$partial/after"
        comm -23 "$partial/before" "$partial/after" >"$partial/lost"
    fi
    if [[ -s $partial/lost ]]; then
        cp "$partial/lost" "$log"
        say "of $(wc -l <"$partial/before") lines and branches $(wc -l <"$partial/lost") would be lost; $log lists them"
        return 1
    fi

    printf '%s: %s, of which remain %s, with the same lines and branches: %d\n' "$target" "$(size_of "$partial/all")" \
        "$(size_of "$partial/min")" "$(wc -l <"$partial/before")"
    rm -rf "$out"
    mv "$partial/min" "$out"
    printf '%s\n' "$out"
}
