# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: speed TARGET | measure executions a second with AFL++ (--time, 1m), how deep they get, and what AFL++ costs

# So often each input is played where the speeds over the same inputs are compared.
times=20

# Runs COMMAND and sets $wall to the seconds that it took. Known defects, with which our driver ends in 1, are welcome.
timed() {
    local TIMEFORMAT=%R
    { wall=$( { time "$@" >"$log" 2>&1 </dev/null; } 2>&1); } || (($? == 1)) || failed "$1 failed; the log is $log"
}

# Runs a campaign as the main instance of scripts/fuzz run does, and says how fast it was and how deep it got.
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
            printf "past the XML parser %.1f %%, to the loader'\''s end %.1f %%\n", 100 * parsed / entered, 100 * loaded / entered
        }'
}

# The inputs that the campaign kept, in AFL++'s persistent mode and in one process where nothing is instrumented, both
# with the same allocator. Beside them AFL++ has links to some, which are not played.
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
            printf "the %d inputs that it kept, %d times each: %d/s in persistent mode, %d/s in a loop where nothing is instrumented, a ratio of %.2f\n",
                n, times, n * times / one, n * times / other, other / one
        }'
}

verb_speed() {
    local directory log seconds afl allocator folders wall
    one_target "$@"
    no_flavour "it needs afl and replay"
    is_libvirts "$target" || wrong "speed is measured for libvirt's loader, not for $target"
    seconds=$(seconds_of "${time:-1m}")
    build_flavour afl
    afl=$programs allocator=$(allocator_of "$programs/targets/$target")
    build_flavour replay
    directory=build/speed/$target log=$directory/log
    rm -rf "$directory"
    mapfile -t folders < <(folders_of "$target")
    copy_seeds "$target" "$directory/seeds" "${folders[@]}"
    measure_campaign
    compare_loops
    rm -rf "$directory"
}
