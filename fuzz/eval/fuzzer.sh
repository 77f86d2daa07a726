# shellcheck shell=bash
# The fuzzers that 'eval' and 'cov --compare' compare, and how to run one for a given CPU time. To be sourced after
# fuzz/verbs/common.sh.
# shellcheck disable=SC2154  # which sets what is used here

# ours    caps-load and caps-roundtrip in one program, with our mutator and dictionary
# bytes   checks the same properties, with the engine's own mutations
# plain   only loads, with the engine's own mutations
# shellcheck disable=SC2034  # for the files that source this one
fuzzers=(ours bytes plain)

# Builds the fuzzers NAME... Sets $programs and $libvirt to their folder and libvirt's, $place to the folder for their
# results, and $seeds to the inputs that all of them start with: the seeds of a campaign, but not the regressions, which
# were made to find defects like the planted ones.
build_fuzzers() {
    build_flavour libfuzzer
    nice -n 19 ninja -C "$programs" eval/eval-report "${@/#/eval/eval-}" >>"$programs.log" ||
        fail "the fuzzers did not build; the log is $programs.log"
    place=${programs/\/fuzz-//eval/}
    place=${place%-libfuzzer} seeds=$place/seeds
    rm -rf "$seeds"
    copy_seeds caps-load "$seeds" corpus/seeds/caps-load
}

# Prints the targets that FUZZER contains: all of them must be played to see what it reached.
targets_of() {
    echo caps-load
    [[ $1 == plain ]] || echo caps-roundtrip
}

# Prints the options that only FUZZER has. Our mutator makes several changes at a time, so a low number of stacked mutations
# is enough; and how often an edge was passed says little about a document.
options_of() {
    [[ $1 != ours ]] || printf '%s\n' "-dict=$programs/vocabulary/caps.dict" -mutate_depth=2 -use_counters=0
}

# Runs PROGRAM for at most SECONDS of CPU time. Sets $status, and $spent to its CPU time. It is killed with its parent.
run_fuzzer() {
    local program=$1 seconds=$2 log=$3 TIMEFORMAT='%U %S'
    local -x ASAN_OPTIONS=malloc_context_size=4
    shift 3
    status=0
    { time prlimit --core=0 --cpu="$seconds:$((seconds + 5))" setpriv --pdeathsig KILL nice -n 19 "$program" \
        -max_len=8192 -timeout=25 -rss_limit_mb=2048 "$@" >"$log" 2>&1 </dev/null; } 2>"$log.time" || status=$?
    # shellcheck disable=SC2034  # for the callers
    spent=$(tail -n 1 "$log.time" | awk '{ printf "%.2f", $1 + $2 }')
}

# Whether the last run_fuzzer ended because its CPU time was over (SIGXCPU).
is_time_up() {
    ((status == 128 + 24))
}
