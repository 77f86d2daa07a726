# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: run TARGET | run a campaign: --engine afl (the default) or libfuzzer

# The instances of an AFL++ campaign, in the order in which they join: name, flavour, whose mutations, options. The
# mutations are ours, to the worthwhile size, or AFL++'s as well, most of which the XML parser refuses; where we have no
# mutator they are AFL++'s.
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

# Starts COMMAND in the background, in a session of its own, with its output in FILE; notes its process.
start() {
    local output=$1
    shift
    nice -n 19 setsid "$@" >"$output" 2>&1 </dev/null &
    children+=($!)
}

# An engine has processes of its own: they are in its group, or, with AFL++, end with it.
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

start_afl() {
    local campaign=$1 limit=$2 n=0 name flavour options mutations role extra own words allocator built=()
    local -x AFL_AUTORESUME=1 AFL_IMPORT_FIRST=1 AFL_TESTCACHE_SIZE=100 AFL_CUSTOM_MUTATOR_LIBRARY AFL_CUSTOM_MUTATOR_ONLY
    ((jobs <= ${#instances[@]})) || wrong "a campaign has at most ${#instances[@]} instances on one machine, not $jobs"

    for ((n = 0; n < jobs; n++)); do
        read -r name flavour mutations options <<<"${instances[n]}"
        build_flavour "$flavour"
        built+=("$programs")
    done
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
        if ((n == 0)); then
            role=(-M "$name")
            export AFL_FINAL_SYNC=1
        else
            unset AFL_FINAL_SYNC
        fi
        # The binary that logs comparisons stands beside one that does not.
        if [[ $flavour == afl-cmplog ]]; then
            extra=(-c "$own/targets/$target")
            own=${built[0]}
        fi
        # shellcheck disable=SC2206  # several words
        extra+=($options)
        allocator=$(allocator_of "$own/targets/$target")
        start "$campaign/$name.log" env ${allocator:+"LD_PRELOAD=$allocator"} afl-fuzz "${role[@]}" -i "$campaign/seeds" -o "$campaign/sync" -m none -t 2000+ \
            ${limit:+-V "$limit"} -x "$words" "${extra[@]}" -- "$own/targets/$target"
    done
}

start_libfuzzer() {
    local campaign=$1 limit=$2
    build_flavour libfuzzer
    mkdir -p "$campaign/corpus" "$campaign/crashes"
    start "$campaign/main.log" "$programs/targets/$target" -fork="$jobs" -ignore_crashes=1 -ignore_ooms=1 -ignore_timeouts=1 \
        -timeout=25 -rss_limit_mb=2048 -max_len="$(largest_size "$target")" -dict="$(dictionary_of "$target")" -artifact_prefix="$campaign/crashes/" \
        -max_total_time="${limit:-0}" "$campaign/corpus" "$campaign/seeds"
}

verb_run() {
    local campaign limit='' last=0 child left before=0 stand folders
    one_target "$@"
    [[ $engine == afl || $engine == libfuzzer ]] || wrong "there is no engine $engine: afl or libfuzzer"
    [[ $jobs =~ ^[1-9][0-9]*$ ]] || wrong "--jobs wants a number of processes, not $jobs"
    [[ ! $time ]] || limit=$(seconds_of "$time")
    no_flavour "an engine has flavours of its own"
    mapfile -t folders < <(folders_of "$target")
    [[ ! -d build/campaigns/$target-min ]] || folders+=("build/campaigns/$target-min")
    [[ ${folders[*]} && $(find "${folders[@]}" -type f ! -empty -print -quit) ]] ||
        wrong "$target has no seeds: there is nothing in corpus/seeds/$target"
    campaign=build/campaigns/$target-$engine
    if [[ -e $campaign && ! $resume ]]; then
        wrong "$campaign is there from before: go on with --resume, or remove it"
    fi
    copy_seeds "$target" "$campaign/seeds" "${folders[@]}"
    before=$(found_by "$campaign" | wc -l)

    children=()
    trap 'stop_children' EXIT
    trap 'exit 130' INT TERM
    "start_$engine" "$campaign" "$limit"
    while :; do
        left=0
        for child in "${children[@]}"; do
            kill -0 "$child" 2>/dev/null && left=$((left + 1))
        done
        ((left)) || break
        sleep 1
        if [[ -t 2 ]]; then
            stand=$(stand_of "$campaign")
            printf '\r\033[K%s' "${stand:0:$(tput cols)}" >&2
        elif ((SECONDS - last >= 30)); then
            last=$SECONDS
            stand_of "$campaign" >&2
        fi
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    trap - EXIT
    for child in "${children[@]}"; do
        wait "$child" || say "an instance ended with status $?; see $campaign/*.log"
    done

    stand_of "$campaign"
    if (($(found_by "$campaign" | wc -l) > before)); then
        found_by "$campaign" | head -n 10 | sed 's|^|scripts/fuzz repro |'
        printf 'scripts/fuzz triage %s\n' "$target"
        return 1
    fi
}
