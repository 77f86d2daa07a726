# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: speed TARGET | measure executions a second with AFL++ (--time, 1m), how deep they get, and those without AFL++

# Runs COMMAND and sets $wall and $cpu to the seconds that it took.
timed() {
    local TIMEFORMAT='%R %U %S' figures user system
    { figures=$( { time "$@" >"$log" 2>&1 </dev/null; } 2>&1); } || failed "$1 failed; the log is $log"
    read -r wall user system <<<"$figures"
    cpu=$(jq -n "$user + $system")
}

verb_speed() {
    local directory log wall cpu seconds executions afl entered parsed loaded inputs
    one_target "$@"
    is_libvirts "$target" || wrong "speed is measured for libvirt's loader, not for $target"
    seconds=$(seconds_of "${time:-1m}")
    build_flavour afl
    afl=$programs
    build_flavour replay
    directory=build/speed/$target log=$directory/log
    rm -rf "$directory"
    mkdir -p "$directory/seeds"
    mapfile -t folders < <(folders_of "$target")
    find "${folders[@]}" -type f -size -20k ! -empty -exec cp -t "$directory/seeds" {} + 2>/dev/null
    truncate -s 24 "$directory/depths"

    CAPPROBE_DEPTHS=$directory/depths AFL_CUSTOM_MUTATOR_LIBRARY=$afl/mutator-afl.so AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
        AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        timed afl-fuzz -i "$directory/seeds" -o "$directory/out" -m none -t 2000+ -V "$seconds" -x "$afl/caps.dict" -- "$afl/$target"
    executions=$(awk '$1 == "execs_done" { print $3 }' "$directory/out/default/fuzzer_stats")
    read -r entered parsed loaded < <(od -A n -t u8 -w24 "$directory/depths")
    awk -v target="$target" -v n="$executions" -v wall="$seconds" -v cpu="$cpu" -v entered="$entered" -v parsed="$parsed" -v loaded="$loaded" '
        BEGIN {
            printf "%s, AFL++, no sanitizer: %d executions in %d s, %d/s; %d to a second of CPU\n", target, n, wall, n / wall, n / cpu
            printf "past the XML parser %.1f %%, to the loader'\''s end %.1f %%\n", 100 * parsed / entered, 100 * loaded / entered
        }'

    inputs=$(find "$directory/out/default/queue" -maxdepth 1 -type f | wc -l)
    rate=$(awk -v n="$executions" -v cpu="$cpu" 'BEGIN { print n / cpu }')
    timed "$programs/$target" --runs 100 "$directory/out/default/queue"
    awk -v n="$inputs" -v cpu="$cpu" -v rate="$rate" '
        BEGIN {
            printf "the %d inputs that it kept, 100 times each, in one process, nothing instrumented: %d to a second of CPU, a ratio of %.2f\n",
                n, 100 * n / cpu, rate / (100 * n / cpu)
        }'
}
