# shellcheck shell=bash
# verb: run TARGET
# about: run a fuzzing campaign with AFL++ or libFuzzer
# help: A campaign starts with the corpus of the target and its minimised inputs (scripts/fuzz cmin). It lives in
# help: build/campaigns/TARGET-ENGINE, and runs until --time is over or Ctrl-C. Exit status 1 if it found something new;
# help: 'scripts/fuzz triage TARGET' then groups the findings. What AFL++ keeps is also played through programs with
# help: sanitizers, every few minutes and at the end.
# shared: --release --src
# option: --engine ENGINE | afl or libfuzzer (default: afl)
# option: --jobs N | number of processes (default: one per processor)
# option: --time T | stop after T, such as 90s, 10m or 2h (default: run until interrupted)
# option: --resume | continue the previous campaign, if there is one; without it, a previous campaign must be removed first
# example: scripts/fuzz run caps-load --time 10m
# example: scripts/fuzz run caps-probe --engine libfuzzer --jobs 4 --resume

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh
# shellcheck source=fuzz/verbs/sanitize.sh
. fuzz/verbs/sanitize.sh

# How often, in seconds, what AFL++ keeps is played through programs with sanitizers.
sanitize_period=240

# The instances of an AFL++ campaign, in the order in which --jobs adds them: name, flavour, mutations, options of afl-fuzz.
# 'ours' uses only our mutator, up to the worthwhile size; 'both' also uses AFL++'s own mutations, most of which the XML
# parser refuses. Targets without a mutator of ours use AFL++'s mutations in all instances.
instances=(
    'main afl ours -p explore'
    'sanitizer afl-asan both -p coe'
    'cmplog afl-cmplog both -p explore -l 2'
    'sequential afl both -p rare -Z'
    'exploit afl ours -p exploit'
    'mopt afl both -p fast -L 0'
    'linear afl ours -p lin'
    'quad afl both -p quad'
)

# Starts COMMAND in the background, in its own session, with its output in FILE. Adds its process to $children.
start() {
    local output=$1
    shift
    nice -n 19 setsid "$@" >"$output" 2>&1 </dev/null &
    children+=($!)
}

# Engines have child processes: these are in the engine's process group, or, with AFL++, end together with the engine.
stop_children() {
    local child
    for child in "${children[@]}"; do
        kill -TERM -- "-$child" 2>/dev/null || kill -TERM "$child" 2>/dev/null || true
    done
    wait
    for child in "${children[@]}"; do
        kill -KILL -- "-$child" 2>/dev/null || true
    done
}

# Builds the flavours of all instances. Sets $built to the folders of the programs, one per instance.
build_afl() {
    local instance flavour
    ((jobs <= ${#instances[@]})) ||
        usage_error "an AFL++ campaign has at most ${#instances[@]} instances on one machine, not $jobs"
    built=()
    for instance in "${instances[@]:0:jobs}"; do
        read -r _ flavour _ <<<"$instance"
        build_flavour "$flavour"
        built+=("$programs")
    done
    # AFL++ itself runs a program with sanitizers on inputs that look new, if it can.
    beside=
    if afl_has 4.31c; then
        build_flavour afl-asan
        beside=$programs
    fi
    build_sanitizers
}

start_afl() {
    local campaign=$1 limit=$2 n name flavour options mutations role extra own words allocator
    local -x AFL_AUTORESUME=1 AFL_IMPORT_FIRST=1 AFL_TESTCACHE_SIZE=100 AFL_CUSTOM_MUTATOR_LIBRARY AFL_CUSTOM_MUTATOR_ONLY
    for ((n = 0; n < jobs; n++)); do
        read -r name flavour mutations options <<<"${instances[n]}"
        own=${built[n]}
        role=(-S "$name") extra=()
        words=$(programs=$own dictionary_of "$target")
        unset AFL_CUSTOM_MUTATOR_LIBRARY AFL_CUSTOM_MUTATOR_ONLY
        if is_libvirts "$target"; then
            export AFL_CUSTOM_MUTATOR_LIBRARY=$own/mutator/mutator-afl.so
            if [[ $mutations == ours ]]; then
                export AFL_CUSTOM_MUTATOR_ONLY=1
                extra=(-G "$(worthwhile_size "$target")")
            fi
        fi
        unset AFL_FINAL_SYNC
        if ((n == 0)); then
            role=(-M "$name")
            if afl_has 4.09c; then
                export AFL_FINAL_SYNC=1
            else
                say "AFL++ $(afl_version) cannot collect the inputs of all instances at its end (AFL_FINAL_SYNC needs 4.09c)"
            fi
        fi
        # This instance runs two programs: the one that logs comparisons, and the one of the main instance.
        if [[ $flavour == afl-cmplog ]]; then
            extra=(-c "$own/targets/$target")
            own=${built[0]}
        fi
        [[ ! $beside || $flavour == afl-asan ]] || extra+=(-w "$beside/targets/$target")
        # shellcheck disable=SC2206  # several words
        extra+=($options)
        allocator=$(allocator_of "$own/targets/$target")
        start "$campaign/$name.log" env ${allocator:+"LD_PRELOAD=$allocator"} afl-fuzz "${role[@]}" -i "$campaign/seeds" -o "$campaign/sync" -m none -t 2000+ \
            ${limit:+-V "$limit"} -x "$words" "${extra[@]}" -- "$own/targets/$target"
    done
}

build_libfuzzer() {
    build_flavour libfuzzer
}

start_libfuzzer() {
    local campaign=$1 limit=$2
    mkdir -p "$campaign/corpus" "$campaign/crashes"
    start "$campaign/main.log" "$programs/targets/$target" -fork="$jobs" -ignore_crashes=1 -ignore_ooms=1 -ignore_timeouts=1 \
        -timeout=25 -rss_limit_mb=2048 -max_len="$(largest_size "$target")" -dict="$(dictionary_of "$target")" -artifact_prefix="$campaign/crashes/" \
        -max_total_time="${limit:-0}" "$campaign/corpus" "$campaign/seeds"
}

# Prints the state of the campaign until no engine runs: on a terminal in one line every second, else every 30 s.
watch_campaign() {
    local campaign=$1 child left status last=$SECONDS sanitized=$SECONDS
    while :; do
        left=0
        for child in "${children[@]}"; do
            kill -0 "$child" 2>/dev/null && left=$((left + 1))
        done
        ((left)) || break
        sleep 1
        if ((SECONDS - sanitized >= sanitize_period)); then
            sanitize_queue "$campaign" >&2
            sanitized=$SECONDS
        fi
        if [[ -t 2 ]]; then
            status=$(campaign_status "$campaign")
            printf '\r\033[K%s' "${status:0:$(tput cols)}" >&2
        elif ((SECONDS - last >= 30)); then
            last=$SECONDS
            campaign_status "$campaign" >&2
        fi
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

verb_run() {
    local engine=${option[engine]-afl} jobs campaign limit='' child before folders built beside sanitizers=()
    [[ $engine == afl || $engine == libfuzzer ]] || usage_error "unknown engine '$engine'; engines: afl, libfuzzer"
    check_jobs
    [[ ! ${option[time]-} ]] || limit=$(seconds_of "${option[time]}")
    mapfile -t folders < <(corpus_folders "$target")
    [[ ! -d build/campaigns/$target-min ]] || folders+=("build/campaigns/$target-min")
    check_inputs "$target" "${folders[@]}"
    campaign=build/campaigns/$target-$engine
    # Engines write to sync or corpus; a folder without these is from a campaign that did not get that far.
    if [[ (-e $campaign/sync || -e $campaign/corpus) && ! ${option[resume]-} ]]; then
        usage_error "$campaign is a previous campaign: continue it with --resume, or remove the folder"
    fi
    "build_$engine"
    rm -rf "$campaign/seeds"
    copy_seeds "$target" "$campaign/seeds" "${folders[@]}"
    before=$(found_by "$campaign" | wc -l)

    children=()
    trap 'stop_children' EXIT
    trap 'exit 130' INT TERM
    "start_$engine" "$campaign" "$limit"
    watch_campaign "$campaign"
    trap - EXIT
    for child in "${children[@]}"; do
        wait "$child" || say "an instance ended with status $?; the logs are $campaign/*.log"
    done

    sanitize_queue "$campaign"
    campaign_status "$campaign"
    if (($(found_by "$campaign" | wc -l) > before)); then
        found_by "$campaign" | head -n 10 | sed 's|^|scripts/fuzz repro |'
        printf 'scripts/fuzz triage %s\n' "$target"
        return 1
    fi
}
