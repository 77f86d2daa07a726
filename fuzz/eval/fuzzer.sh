# shellcheck shell=bash disable=SC2034,SC2154  # the verb sets them
# The fuzzers that are compared with each other, and how one is run for a given CPU time.

# ours    caps-load and caps-roundtrip in one program, with the mutator and the dictionary
# bytes   the same properties, with the engine's own mutations
# plain   loading alone, with the engine's own mutations
fuzzers=(ours bytes plain)

# Builds those that are named, and sets $programs and $libvirt to where they and libvirt are, $place to where their work
# goes, and $seeds to what all of them start with: the seeds of a campaign, but no regressions, for these were made to
# find just such defects as are planted.
build_fuzzers() {
    build_flavour libfuzzer
    nice -n 19 ninja -C "$programs" eval/eval-report "${@/#/eval/eval-}" >>"$programs.log" || failed "the fuzzers did not build; the log is $programs.log"
    place=${programs/\/fuzz-//eval/}
    place=${place%-libfuzzer} seeds=$place/seeds
    rm -rf "$seeds"
    copy_seeds caps-load "$seeds" corpus/seeds/caps-load
}

# Prints the targets that FUZZER is made of: it takes all of them to show what it reached.
targets_of() {
    echo caps-load
    [[ $1 == plain ]] || echo caps-roundtrip
}

# Prints the options of FUZZER that are not those of all. The mutator makes several changes at a time, so that few of its
# mutations on top of each other are enough; and how often an edge was passed says little about a document.
options_of() {
    [[ $1 != ours ]] || printf '%s\n' "-dict=$programs/vocabulary/caps.dict" -mutate_depth=2 -use_counters=0
}

# Runs PROGRAM for SECONDS of CPU time at most; sets $status, and $spent to what it took. It ends with its parent.
run_fuzzer() {
    local program=$1 seconds=$2 log=$3 TIMEFORMAT='%U %S'
    local -x ASAN_OPTIONS=malloc_context_size=4
    shift 3
    status=0
    { time prlimit --core=0 --cpu="$seconds:$((seconds + 5))" setpriv --pdeathsig KILL nice -n 19 "$program" \
        -max_len=8192 -timeout=25 -rss_limit_mb=2048 "$@" >"$log" 2>&1 </dev/null; } 2>"$log.time" || status=$?
    spent=$(tail -n 1 "$log.time" | awk '{ printf "%.2f", $1 + $2 }')
}

# Whether run_fuzzer's last run ended because its time did.
is_time_up() {
    ((status == 128 + 24))
}
