# shellcheck shell=bash
# Functions shared by the commands of scripts/fuzz: targets and their corpus, builds, campaigns. To be sourced, in the top
# folder of the repository.

[[ ! ${targets-} ]] || return 0

# shellcheck source=scripts/common.sh
. scripts/common.sh
# shellcheck source=scripts/bugs.sh
. scripts/bugs.sh
# shellcheck source=fuzz/verbs/options.sh
. fuzz/verbs/options.sh

# AFL++: no status screen, any CPU frequency setting, and each instance bound to a processor if one is free: the fuzzer
# and its target run in turns, which is slow across processors.
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_TRY_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1

# Exits with the status for a failure of the tool itself.
fail() {
    say "$*"
    exit 255
}

# Called on SIGINT and SIGTERM.
interrupted() {
    say "interrupted; run the same command again to continue: finished parts of a build are kept"
    exit 130
}

# Sets $jobs from --jobs (default: one per processor).
check_jobs() {
    jobs=${option[jobs]-$(nproc)}
    [[ $jobs =~ ^[1-9][0-9]*$ ]] || usage_error "--jobs needs a number of processes, 1 or more, not '$jobs'"
}

# Prints the duration --time, or DEFAULT, in seconds.
time_option() {
    seconds_of "${option[time]-$1}"
}

# Prints DURATION, such as 90s, 10m or 2h, in seconds.
seconds_of() {
    [[ $1 =~ ^([0-9]+)([smh])$ ]] ||
        usage_error "'$1' is not a duration: a number with a unit is needed, such as 90s, 10m or 2h"
    case ${BASH_REMATCH[2]} in
    s) echo $((10#${BASH_REMATCH[1]})) ;;
    m) echo $((60 * 10#${BASH_REMATCH[1]})) ;;
    h) echo $((3600 * 10#${BASH_REMATCH[1]})) ;;
    esac
}

# Whether programs of FLAVOUR contain a fuzzing engine; all others contain our replay driver (fuzz/driver/replay.c).
has_engine() {
    [[ $1 == libfuzzer || $1 == afl* || $1 == environment ]]
}

# --- corpus ---

# Prints the folders of the corpus with inputs for TARGET.
corpus_folders() {
    local folder folders=("corpus/seeds/$1/" "corpus/regressions/$1/")
    [[ $1 != own-scenario ]] || folders+=(corpus/scenarios/)
    for folder in "${folders[@]}"; do
        [[ ! -d $folder ]] || printf '%s\n' "$folder"
    done
}

# Refuses if the folders contain no inputs for TARGET.
check_inputs() {
    local target=$1
    shift
    [[ ${1-} && $(find "$@" -type f ! -empty -print -quit) ]] ||
        usage_error "$target has no inputs: put at least one into corpus/seeds/$target"
}

# Sets $folders to the corpus folders of TARGET and the folders in which its campaigns have collected inputs.
collect_folders() {
    local folder
    mapfile -t folders < <(corpus_folders "$1")
    for folder in build/campaigns/"$1"-{libfuzzer/corpus,afl/sync/*/queue,min}; do
        [[ ! -d $folder ]] || folders+=("$folder")
    done
    check_inputs "$1" "${folders[@]}"
}

# Prints the size in bytes from which on seeds and mutations of TARGET take more time than they are worth.
worthwhile_size() {
    case $1 in
    caps-probe) echo 20480 ;;
    # Several documents.
    caps-firmware | caps-sequence) echo 8192 ;;
    *) echo 2048 ;;
    esac
}

# Prints the largest size in bytes to which an engine may grow an input of TARGET.
largest_size() {
    if [[ $1 == caps-probe ]]; then
        echo 131072
    else
        echo 65536
    fi
}

# Copies the inputs in FOLDER... that a fuzzer of TARGET should start with into DIRECTORY.
copy_seeds() {
    local target=$1 directory=$2
    shift 2
    mkdir -p "$directory"
    find "$@" -type f -size "-$(worthwhile_size "$target")c" ! -empty -exec cp -t "$directory" {} +
}

# Prints the path of the dictionary of TARGET: its own, or the one for cache documents.
dictionary_of() {
    local own=$programs/vocabulary/$1.dict
    is_libvirts "$1" || own=$programs/targets/$1.dict
    [[ -e $own ]] || own=$programs/vocabulary/caps.dict
    printf '%s\n' "$own"
}

# Whether TARGET fuzzes libvirt; the others fuzz capprobe itself.
is_libvirts() {
    [[ $1 == caps-* ]]
}

# Prints the target of FILE, derived from the place of the file in the corpus or in a campaign.
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

# Prints TARGET, or if that is empty the target derived from FILE.
need_target_of() {
    local file=$1 name=${2:-$(target_of "$1")}
    [[ $name ]] ||
        usage_error "the place of $file does not tell its target: name it with --target; targets: ${targets[*]}"
    printf '%s\n' "$name"
}

# --- builds ---

# Prints the path of the allocator that PROGRAM is linked with instead of the C library's, if any. Also used for
# afl-fuzz, which spends most of its time in our mutator.
allocator_of() {
    ldd "$1" | awk '/mimalloc/ { print $3 }'
}

# Runs scripts/build-libvirt FLAVOUR [OPTION]... with the libvirt chosen by --release, --src and --to.
build_libvirt() {
    local name chosen=()
    for name in release src to; do
        [[ ! ${option[$name]-} ]] || chosen+=("--$name" "${option[$name]}")
    done
    scripts/build-libvirt "$@" "${chosen[@]}"
}

# Whether nothing that goes into the targets in $programs, including packages, has changed since they were built from
# $libvirt. Ninja would find the same, but needs a second for it.
up_to_date() {
    local path paths=("$libvirt/complete" corpus/ fuzz/ bench/)
    [[ -e $programs/build.ninja && -e $programs.built && $flavour != environment ]] || return 1
    for path in /var/lib/dpkg/status /var/lib/rpm /usr/lib/sysimage/rpm; do
        [[ ! -e $path ]] || paths+=("$path")
    done
    [[ ! $(find "${paths[@]}" -newercm "$programs.built" -print -quit) ]]
}

# Prints the warnings of the last build in $programs about targets that it skipped.
skipped_targets() {
    sed -nE 's/.*WARNING: (.* is (left out|skipped).*)/\1/p' "$programs.log"
}

# Exits if $target is set and was not built.
need_program() {
    [[ ! $target || -e $programs/targets/$target ]] ||
        die "$(skipped_targets | grep "^$target " || echo "$target was not built in $programs; the log is $programs.log")"
}

# Builds libvirt and the targets in FLAVOUR. Sets $libvirt and $programs to their folders. Silent if there is nothing to
# build.
build_flavour() {
    local flavour=$1 setting engine=replay log recipe line news
    [[ $flavour != daemons && $flavour != unit ]] || usage_error "the flavour $flavour contains no fuzz targets"
    # On Ctrl-C scripts/build-libvirt prints what to do next.
    trap : INT
    libvirt=$(build_libvirt "$flavour") || exit
    trap interrupted INT
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
    # Meson keeps the settings of the first setup, so a folder with other settings is built again from scratch.
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
        fail "the fuzz targets did not build; the log is $log"
    }
    mapfile -t news < <(skipped_targets)
    # All targets build with the releases that we support, so a skipped one is our mistake.
    ((!${#news[@]})) || [[ ${option[src]-} ]] || fail "${news[0]}"
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

# Prints the version of $libvirt.
version_of_libvirt() {
    PKG_CONFIG_PATH=$libvirt pkg-config --modversion libvirt-internal
}

# --- campaigns ---

# Prints the inputs with which a campaign made the target crash or hang. When AFL++ resumes, it renames the folder of the
# previous ones to a name like crashes.2026-01-01-00:00:00.
found_by() {
    find "$1" \( -path '*/crashes*/*' -o -path '*/hangs*/*' \) -type f ! -name README.txt | sort
}

# Prints the state of a campaign in one line.
campaign_status() {
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
                printf "%s: time %dm%02ds, instances %d, executions %d (%d/s), corpus %d inputs, edges %d, stability %.1f %%, crashes and hangs %d\n",
                    name, time / 60, time % 60, instances, execs, rate, corpus, edges, stability, found
            }' "$campaign"/sync/*/fuzzer_stats
    elif [[ -s $campaign/main.log ]]; then
        printf '%s: %s, crashes and hangs %d\n' "${campaign##*/}" "$(libfuzzer_status "$campaign/main.log")" "$found"
    else
        printf '%s: no figures yet\n' "${campaign##*/}"
    fi
}

# Prints the latest figures in LOG, the output of libFuzzer. Its 'cov' counts edges; with -fork it prints the time as well.
libfuzzer_status() {
    awk '
        /^#[0-9]+:? .*cov: / {
            executions = substr($1, 2) + 0
            for (i = 2; i < NF; i++)
                value[$i] = $(i + 1)
        }
        END {
            if (executions == "") {
                printf "starting"
                exit
            }
            if ("time:" in value)
                printf "time %dm%02ds, ", value["time:"] / 60, value["time:"] % 60
            printf "executions %d (%d/s), corpus %d inputs, edges %d", executions, value["exec/s:"] + value["exec/s"],
                value["corp:"], value["cov:"]
        }' "$1"
}
