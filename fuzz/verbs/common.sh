# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# What the verbs of scripts/fuzz share: the targets and their corpus, building them, campaigns and what these found.

# AFL++ runs without a screen, takes processors as they are, and keeps to one while there is a free one: the target takes
# turns with it, which is dear from one processor to another.
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_TRY_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1

# Each file of fuzz/targets/ is a target.
mapfile -t targets < <(grep -l '^LLVMFuzzerTestOneInput' fuzz/targets/*.c | sed 's|.*/||; s|\.c$||')

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

# Whether the programs of FLAVOUR have a fuzzing engine; the others have our driver, replay.c.
has_engine() {
    [[ $1 == libfuzzer || $1 == afl* || $1 == environment ]]
}

# For verbs that know their flavour themselves.
no_flavour() {
    [[ ! $flavour ]] || wrong "$verb takes no flavour: $*"
}

# Prints the folders of the corpus that have inputs for TARGET.
folders_of() {
    local folder folders=("corpus/seeds/$1/" "corpus/regressions/$1/")
    [[ $1 != own-scenario ]] || folders+=(corpus/scenarios/)
    for folder in "${folders[@]}"; do
        [[ ! -d $folder ]] || printf '%s\n' "$folder"
    done
}

# Sets $folders to these folders and those in which campaigns have collected more; there must be an input.
collected_for() {
    local folder
    mapfile -t folders < <(folders_of "$1")
    for folder in build/campaigns/"$1"-{libfuzzer/corpus,afl/sync/*/queue,min}; do
        [[ ! -d $folder ]] || folders+=("$folder")
    done
    [[ ${folders[*]} && $(find "${folders[@]}" -type f ! -empty -print -quit) ]] ||
        wrong "$1 has no inputs: there is nothing in corpus/seeds/$1"
}

# Prints the allocator that PROGRAM is linked with in place of the C library's, if it is. It suits afl-fuzz, too, whose
# work is mostly our mutator's.
allocator_of() {
    ldd "$1" | awk '/mimalloc/ { print $3 }'
}

# Prints the size, in bytes, beyond which inputs of TARGET cost more time than they bring news.
worthwhile_size() {
    if [[ $1 == caps-probe ]]; then
        echo 20480
    else
        echo 2048
    fi
}

# Prints the size, in bytes, beyond which an engine does not grow inputs of TARGET.
largest_size() {
    if [[ $1 == caps-probe ]]; then
        echo 131072
    else
        echo 65536
    fi
}

# Copies the files in FOLDERS that a fuzzer of TARGET is to start with into DIRECTORY.
copy_seeds() {
    local target=$1 directory=$2
    shift 2
    mkdir -p "$directory"
    find "$@" -type f -size "-$(worthwhile_size "$target")c" ! -empty -exec cp -t "$directory" {} +
}

# Prints the dictionary of TARGET: the formats of capprobe have one each, libvirt's one for all.
dictionary_of() {
    local own=$programs/vocabulary/$1.dict
    is_libvirts "$1" || own=$programs/targets/$1.dict
    [[ -e $own ]] || own=$programs/vocabulary/caps.dict
    printf '%s\n' "$own"
}

# Whether TARGET is about libvirt; the others are about capprobe itself.
is_libvirts() {
    [[ $1 == caps-* ]]
}

# Whether nothing that the targets in $programs are made of, packages included, has changed since they were built from
# $libvirt. Ninja would find the same out, but takes a second for it.
up_to_date() {
    local path paths=("$libvirt/complete" corpus/ fuzz/ bench/)
    [[ -e $programs/build.ninja && -e $programs.built && $flavour != environment ]] || return 1
    for path in /var/lib/dpkg/status /var/lib/rpm /usr/lib/sysimage/rpm; do
        [[ ! -e $path ]] || paths+=("$path")
    done
    [[ ! $(find "${paths[@]}" -newercm "$programs.built" -print -quit) ]]
}

# Prints what the last build in $programs said of targets that it left out.
left_out() {
    sed -nE 's/.*WARNING: (.* is left out.*)/\1/p' "$programs.log"
}

# A verb for one target can do nothing without it.
need_program() {
    [[ ! $target || -e $programs/targets/$target ]] || die "$(left_out | grep "^$target " || echo "there is no $target in $programs")"
}

# Builds the targets in a flavour, and sets $libvirt and $programs to where libvirt and they are. No more is said than
# there is news.
build_flavour() {
    local flavour=$1 setting engine=replay log recipe line news
    [[ $flavour != daemons ]] || wrong "the flavour daemons has nothing to fuzz"
    libvirt=$(scripts/build-libvirt "$flavour" "${which[@]}")
    programs=${libvirt##*/}
    programs=${libvirt%/*}/fuzz-${programs#libvirt-}
    if up_to_date; then
        need_program
        return
    fi
    packages_need fuzz
    touch "$programs.begun"
    log=$programs.log
    if has_engine "$flavour"; then
        engine=-fsanitize=fuzzer
    fi
    if [[ $flavour == environment ]]; then
        engine=${LIB_FUZZING_ENGINE:-$engine}
    fi
    # Meson keeps to what it was told the first time.
    recipe=$(cat "$libvirt/libvirt-internal.pc" && printf '%s\n' "$engine" "${CXX-}" "${CXXFLAGS-}")
    [[ ! -e $programs/recipe || $(<"$programs/recipe") == "$recipe" ]] || rm -rf "$programs"

    (
        export PKG_CONFIG_PATH=$libvirt${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
        PKG_CONFIG_PATH=$(pkg-config --variable=paths libvirt-internal):$PKG_CONFIG_PATH
        CC=$(pkg-config --variable=compiler libvirt-internal)
        [[ $flavour == environment && ${CXX-} ]] || CXX=$CC++
        export CC CXX
        for setting in $(pkg-config --variable=environment libvirt-internal); do
            export "${setting?}"
        done
        if [[ -e $programs/build.ninja ]]; then
            nice -n 19 meson setup --reconfigure "$programs" fuzz
        else
            nice -n 19 meson setup "$programs" fuzz "-Dengine=$engine"
            printf '%s\n' "$recipe" >"$programs/recipe"
        fi
        nice -n 19 ninja -C "$programs"
    ) >"$log" 2>&1 || {
        grep -E 'error|ERROR|FAILED|undefined' "$log" | head -n 5 >&2 || true
        failed "the targets did not build; the log is $log"
    }
    mapfile -t news < <(left_out)
    # With the releases that we know it can only be our own mistake.
    ((!${#news[@]})) || [[ " ${which[*]} " == *" --src "* ]] || failed "${news[0]}"
    for line in "${news[@]}"; do
        say "$line"
    done
    mv "$programs.begun" "$programs.built"
    need_program
}

# Prints the folder of the source that $libvirt was built from.
source_of_libvirt() {
    PKG_CONFIG_PATH=$libvirt pkg-config --variable=source libvirt-internal
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
        bug_shown "${path%/*}/about.md" target | cut -d ' ' -f 1
        return
    fi
    for name in "${targets[@]}"; do
        case $path in
        */seeds/"$name"/* | */regressions/"$name"/* | */campaigns/"$name"-* | */"$name"/"$name"-*/input) printf '%s\n' "$name" ;;
        esac
    done
}

# Prints the files with which the campaign made the target crash or hang. AFL++ puts those of before aside when it
# resumes, under names like crashes.2026-01-01-00:00:00.
found_by() {
    find "$1" \( -path '*/crashes*/*' -o -path '*/hangs*/*' \) -type f ! -name README.txt | sort
}

# One line on how a campaign stands.
stand_of() {
    local campaign=$1 found
    found=$(found_by "$campaign" | wc -l)
    if compgen -G "$campaign/sync/*/fuzzer_stats" >/dev/null; then
        awk -F' *: *' -v found="$found" -v name="${campaign##*/}" '
            { sub(/%/, "", $2) }
            FNR == 1 { instances++ }
            own > time { time = own }
            $1 == "run_time" { own = $2 }
            $1 == "execs_done" { execs += $2; rate += own ? $2 / own : 0 }
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
