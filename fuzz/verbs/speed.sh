# shellcheck shell=bash
# verb: speed TARGET
# about: measure the speed with AFL++, the share of inputs that load, and AFL++'s overhead
# help: Runs the main instance of a campaign, then plays the inputs that it kept, with and without instrumentation. Only
# help: for targets that fuzz libvirt.
# shared: --release --src
# option: --time T | length of the campaign (default: 1m)
# example: scripts/fuzz speed caps-load
# example: scripts/fuzz speed caps-probe --time 5m

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh

# How often each input is played when both speeds are measured over the same inputs.
times=20

# Runs COMMAND and sets $wall to its run time in seconds. Status 1 is accepted: the replay driver met a known defect.
timed() {
    local TIMEFORMAT=%R
    { wall=$( { time "$@" >"$log" 2>&1 </dev/null; } 2>&1); } || (($? == 1)) || fail "$1 failed; the log is $log"
}

# Runs a campaign like the main instance of scripts/fuzz run. Prints its speed and how many inputs got how far.
measure_campaign() {
    local executions entered parsed loaded
    truncate -s 24 "$directory/progress"
    LD_PRELOAD=$allocator CAPPROBE_PROGRESS=$directory/progress AFL_CUSTOM_MUTATOR_LIBRARY=$afl/mutator/mutator-afl.so AFL_CUSTOM_MUTATOR_ONLY=1 \
        timed afl-fuzz -i "$directory/seeds" -M main -p explore -o "$directory/out" -m none -t 2000+ -V "$seconds" \
        -G "$(worthwhile_size "$target")" -- "$afl/targets/$target"
    executions=$(awk '$1 == "execs_done" { print $3 }' "$directory/out/main/fuzzer_stats")
    read -r entered parsed loaded < <(od -A n -t u8 -w24 "$directory/progress")
    awk -v target="$target" -v n="$executions" -v wall="$seconds" -v entered="$entered" -v parsed="$parsed" -v loaded="$loaded" '
        BEGIN {
            printf "%s, AFL++, no sanitizer: %d executions in %d s, %d/s\n", target, n, wall, n / wall
            printf "accepted by the XML parser %.1f %%, read to the end by the loader %.1f %%\n", 100 * parsed / entered, 100 * loaded / entered
        }'
}

# Plays the inputs that the campaign kept, in AFL++'s persistent mode and in one process without instrumentation, both
# with the same allocator. Subfolders of AFL++'s queue only link to some of the inputs, and are ignored.
compare_loops() {
    local inputs i instrumented
    mapfile -t inputs < <(find "$directory/out/main/queue" -maxdepth 1 -type f)
    mkdir "$directory/kept" "$directory/inputs"
    ln -t "$directory/kept" "${inputs[@]}"
    for ((i = 0; i < times; i++)); do
        cp -al "$directory/kept" "$directory/inputs/$i"
    done
    timed afl-showmap -q -m none -t 2000 -C -i "$directory/inputs" -o "$directory/map" -- "$afl/targets/$target"
    instrumented=$wall
    LD_PRELOAD=$allocator timed "$programs/targets/$target" --quick --runs "$times" "$directory/kept"
    awk -v n="${#inputs[@]}" -v times="$times" -v one="$instrumented" -v other="$wall" '
        BEGIN {
            printf "the %d inputs that it kept, %d times each: %d/s in persistent mode, %d/s in a loop without instrumentation, ratio %.2f\n",
                n, times, n * times / one, n * times / other, other / one
        }'
}

verb_speed() {
    local directory log seconds afl allocator folders wall
    is_libvirts "$target" || usage_error "speed is only for targets that fuzz libvirt, not for $target"
    seconds=$(time_option 1m)
    build_flavour afl
    afl=$programs allocator=$(allocator_of "$programs/targets/$target")
    build_flavour replay
    directory=build/speed/$target log=$directory/log
    rm -rf "$directory"
    mapfile -t folders < <(corpus_folders "$target")
    copy_seeds "$target" "$directory/seeds" "${folders[@]}"
    measure_campaign
    compare_loops
    rm -rf "$directory"
}
