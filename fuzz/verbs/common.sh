# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# What the verbs of scripts/fuzz share: the targets and their corpus, building them, campaigns and what these found.

# The targets are the files of fuzz/ that say so.
mapfile -t targets < <(grep -l '^LLVMFuzzerTestOneInput' fuzz/*.c | sed 's|.*/||; s|\.c$||')

wrong() {
    say "$*; see scripts/fuzz --help"
    exit 254
}

failed() {
    say "$*"
    exit 255
}

is_target() {
    local name
    for name in "${targets[@]}"; do
        [[ $name != "$1" ]] || return 0
    done
    return 1
}

# Sets $target from a verb's operands, of which there must be one.
one_target() {
    (($# == 1)) || wrong "$verb takes one target: ${targets[*]}"
    is_target "$1" || wrong "there is no target $1; targets: ${targets[*]}"
    target=$1
}

no_operand() {
    (($# == 0)) || wrong "$verb takes no operand, but got $*"
}

# Prints the folders of the corpus that have inputs for TARGET.
folders_of() {
    local folder folders=("corpus/seeds/$1/" "corpus/regressions/$1/")
    [[ $1 != scenario ]] || folders+=(corpus/scenarios/)
    for folder in "${folders[@]}"; do
        [[ ! -d $folder ]] || printf '%s\n' "$folder"
    done
}

# What a fuzzer is given to start with: larger seeds cost more time than they bring news.
seed_max=20k

# Prints the dictionary of TARGET: the formats of capprobe have one each, libvirt's one for all.
dictionary_of() {
    local own=$programs/$1.dict
    [[ -e $own ]] || own=$programs/caps.dict
    printf '%s\n' "$own"
}

# Whether TARGET is about libvirt; the others are about capprobe itself.
is_libvirts() {
    [[ $1 == caps-* ]]
}

# Builds the targets in a flavour, and sets $programs to where they are. No more is said than there is news.
build_flavour() {
    local flavour=$1 libvirt setting engine=replay log
    packages_need fuzz
    [[ $flavour != daemons ]] || wrong "the flavour daemons has nothing to fuzz"
    libvirt=$(scripts/build-libvirt "$flavour" "${which[@]}")
    programs=${libvirt/libvirt-/fuzz-}
    log=$programs.log
    case $flavour in
    libfuzzer | afl*) engine=-fsanitize=fuzzer ;;
    environment) engine=${LIB_FUZZING_ENGINE:--fsanitize=fuzzer} ;;
    esac

    (
        export PKG_CONFIG_PATH=$libvirt${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
        CC=$(pkg-config --variable=compiler libvirt-internal)
        export CC
        for setting in $(pkg-config --variable=environment libvirt-internal); do
            export "${setting?}"
        done
        if [[ -e $programs/build.ninja ]]; then
            nice -n 19 meson setup --reconfigure "$programs" fuzz
        else
            nice -n 19 meson setup "$programs" fuzz "-Dengine=$engine"
        fi
        nice -n 19 ninja -C "$programs"
    ) >"$log" 2>&1 || {
        grep -E 'error|ERROR|FAILED|undefined' "$log" | head -n 5 >&2 || true
        failed "the targets did not build; the log is $log"
    }
}

# Prints a time like 90s, 10m or 2h in seconds.
seconds_of() {
    [[ $1 =~ ^([0-9]+)([smh]?)$ ]] || wrong "$1 is no time: say 90s, 10m or 2h"
    case ${BASH_REMATCH[2]} in
    m) echo $((60 * BASH_REMATCH[1])) ;;
    h) echo $((3600 * BASH_REMATCH[1])) ;;
    *) echo "${BASH_REMATCH[1]}" ;;
    esac
}

# Prints the target that FILE is for, as its place in the corpus or in a campaign tells.
target_of() {
    local name path
    path=$(realpath "$1")
    if [[ -e ${path%/*}/about.md ]]; then
        sed -nE 's/^\* target: (.*)/\1/p' "${path%/*}/about.md"
        return
    fi
    for name in "${targets[@]}"; do
        if [[ $path == */seeds/"$name"/* || $path == */regressions/"$name"/* || $path == */campaigns/"$name"-* ]]; then
            printf '%s\n' "$name"
        fi
    done
}

# Prints the files with which the campaign made the target crash or hang.
found_by() {
    find "$1" \( -path '*/crashes/*' -o -path '*/hangs/*' \) -type f ! -name README.txt | sort
}

# One line on how a campaign stands.
stand_of() {
    local campaign=$1 found
    found=$(found_by "$campaign" | wc -l)
    if compgen -G "$campaign/sync/*/fuzzer_stats" >/dev/null; then
        awk -F' *: *' -v found="$found" -v name="${campaign##*/}" '
            { sub(/%/, "", $2) }
            FNR == 1 { instances++ }
            $1 == "run_time" && $2 > time { time = $2 }
            $1 == "execs_done" { execs += $2 }
            $1 == "execs_per_sec" { rate += $2 }
            $1 == "corpus_count" && $2 > corpus { corpus = $2 }
            $1 == "edges_found" && $2 > edges { edges = $2 }
            $1 == "stability" && (!stability || $2 < stability) { stability = $2 }
            END {
                printf "%s: %dm%02ds, %d instances, %d executions, %d/s, corpus %d, edges %d, stability %.1f %%, found %d\n",
                    name, time / 60, time % 60, instances, execs, rate, corpus, edges, stability, found
            }' "$campaign"/sync/*/fuzzer_stats
    elif [[ -s $campaign/main.log ]]; then
        printf '%s: %s, found %d\n' "${campaign##*/}" \
            "$(grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+ exec/s:? [0-9]+|INITED.*' "$campaign/main.log" | tail -n 1)" "$found"
    else
        printf '%s: no figures yet\n' "${campaign##*/}"
    fi
}
