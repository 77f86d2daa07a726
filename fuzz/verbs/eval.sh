# shellcheck shell=bash
# verb: eval [FUZZER]...
# about: plant defects in libvirt's loader and compare which fuzzers find them
# help: The defects are planted (fuzz/eval/mutants.tsv: an ablation), or with --historic those that the loader once had
# help: (fuzz/eval/historic.tsv); libvirt's unit tests, which do not look for leaks, are not run then. FUZZER is ours, plain
# help: or bytes (default: ours plain). Results are kept: a second call runs only the missing trials, and continues after an
# help: interruption. All trials of the default take about seven hours of CPU time.
# shared: --release --src
# option: --historic | put real defects of the past back, all that the libvirt under test has mended
# option: --trials N | trials of each fuzzer on each defect (default: 10); 0 only prints what was measured before
# option: --time T | CPU time of a trial (default: 60s)
# option: --jobs N | number of processes (default: one per processor)
# option: --decided | end a trial when it is slower than all trials of the first fuzzer: a quarter of the time, the same statistics
# example: scripts/fuzz eval --decided
# example: scripts/fuzz eval --historic --decided --release 11.3.0
# example: scripts/fuzz eval ours bytes --trials 5
# example: scripts/fuzz eval --trials 0

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh
# shellcheck source=fuzz/eval/fuzzer.sh
. fuzz/eval/fuzzer.sh
# shellcheck source=fuzz/verbs/unit-tests.sh
. fuzz/verbs/unit-tests.sh
# shellcheck source=fuzz/eval/historic.sh
. fuzz/eval/historic.sh
# shellcheck source=fuzz/eval/mutant.sh
. fuzz/eval/mutant.sh

# Sets $keys to the keys of the outcomes of each fuzzer on each mutant. A key is a digest of everything that the outcome
# depends on: program, seeds, options, time and edit.
name_outcomes() {
    local fuzzer mutant digest
    declare -gA keys
    for fuzzer in "$@" ${unit:+unit}; do
        if [[ $fuzzer == unit ]]; then
            digest=$(sha256sum <"$unit/tests/libtest_qemu_driver.so")
        else
            digest=$(cat "$programs/eval/eval-$fuzzer" "$seeds"/* <(options_of "$fuzzer") | sha256sum)$seconds
        fi
        for mutant in $(mutants); do
            keys[$fuzzer $mutant]=$({ echo "$digest" && edit_of "$mutant"; } | sha256sum | cut -c 1-16)
        done
    done
}

# Reads the outcomes measured so far into $known: outcome and CPU seconds. A line of the file is: key, fuzzer, mutant,
# trial (0: the seeds alone), seed, found or missed, CPU seconds, executions, what was seen.
read_outcomes() {
    local key trial outcome spent
    declare -gA known=()
    while IFS=$'\t' read -r key _ _ trial _ outcome spent _; do
        known[$key $trial]="$outcome $spent"
    done <"$outcomes"
}

# Whether a trial has found its defect or used up its time.
is_done() {
    local fuzzer=$1 mutant=$2 trial=$3 outcome spent
    read -r outcome spent <<<"${known[${keys[$fuzzer $mutant]} $trial]-}" || true
    [[ $outcome == found || ($outcome == missed && ${spent%.*} -ge $((${limits[$mutant]} - 1))) ]]
}

# Sets $limits to the CPU seconds of a trial on each mutant: the full time, or, if FUZZER found the mutant in each of its
# trials, a little more than the slowest of these: a trial that lasts longer has lost against all of them.
set_limits() {
    local fuzzer=${1-} mutant trial outcome spent slowest
    declare -gA limits
    for mutant in $(mutants); do
        limits[$mutant]=$seconds slowest=0
        [[ $fuzzer ]] || continue
        for ((trial = 1; trial <= trials; trial++)); do
            read -r outcome spent <<<"${known[${keys[$fuzzer $mutant]} $trial]}"
            [[ $outcome == found ]] || continue 2
            ((slowest >= ${spent%.*})) || slowest=${spent%.*}
        done
        ((slowest + 2 >= seconds)) || limits[$mutant]=$((slowest + 2))
    done
}

# Appends an outcome to the file.
note() {
    local fuzzer=$1 mutant=$2
    (IFS=$'\t' && printf '%s\n' "${keys[$fuzzer $mutant]}"$'\t'"$*" >>"$outcomes")
}

# Prints what the log of a fuzzer names as the reason of its end.
seen_in() {
    sed -nE 's/^property does not hold: ([^:"]*).*/\1/p; s/^SUMMARY: .* leaked .*/leak/p; s/^SUMMARY: [A-Za-z]+: ([a-z-]+).*/\1/p' "$1" |
        head -n 1
}

# Prints the number of executions that the log of a fuzzer names.
executions_in() {
    awk '/^#[0-9]/ { n = substr($1, 2) } /^stat::number_of_executed_units/ { n = $2 } END { print n + 0 }' "$1"
}

# Plays the seeds through FUZZER with a mutant.
run_seeds() {
    local mutant=$1 fuzzer=$2 work=$place/work/$1-$2-0 status spent outcome=missed
    mkdir -p "$work"
    run_fuzzer "$place/mutants/$mutant/$fuzzer" 600 "$work/log" -seed=1 -runs=0 -artifact_prefix="$work/" "$seeds"
    ((status == 0)) || outcome=found
    note "$fuzzer" "$mutant" 0 1 "$outcome" "$spent" "$(executions_in "$work/log")" "$(seen_in "$work/log")"
    rm -rf "$work"
}

# Runs libvirt's unit tests with a mutant until one fails.
run_unit_tests() {
    local mutant=$1 directory=$place/mutants/$1 name outcome=missed failing=''
    local -x LLVM_PROFILE_FILE=/dev/null
    for name in "${unit_tests[@]}"; do
        if ! run_unit_test "$name" "$directory/unit.log" "$directory"; then
            outcome=found failing=$name
            break
        fi
    done
    note unit "$mutant" 0 0 "$outcome" 0 0 "$failing"
}

# Does what must precede the first trial on a mutant: builds it, plays the seeds, runs the unit tests if there are any.
prepare() {
    local mutant=$1 fuzzer
    for fuzzer in "${chosen[@]}"; do
        build_mutant "$mutant" "$fuzzer" || return
        [[ ${known[${keys[$fuzzer $mutant]} 0]-} ]] || run_seeds "$mutant" "$fuzzer"
    done
    [[ ! $unit || ${known[${keys[unit $mutant]} 0]-} ]] || { build_unit_mutant "$mutant" && run_unit_tests "$mutant"; }
}

# Whether INPUT makes the mutant fail again, and does not make the original fail.
is_genuine() {
    local mutant=$1 fuzzer=$2 input=$3 work=${3%/*} status spent
    run_fuzzer "$place/mutants/$mutant/$fuzzer" 60 "$work/again.log" -artifact_prefix="$work/again-" "$input"
    ((status)) || return
    run_fuzzer "$programs/eval/eval-$fuzzer" 60 "$work/original.log" -artifact_prefix="$work/original-" "$input"
    ((status == 0))
}

# Runs one trial. It ends with the first finding that the original does not share, or when its time is over.
run_trial() {
    local mutant=$1 fuzzer=$2 trial=$3 limit=${limits[$1]} work=$place/work/$1-$2-$3 seed status spent total=0 executions=0 input options
    mapfile -t options < <(options_of "$fuzzer")
    for ((seed = 1000 * trial; ; seed++)); do
        rm -rf "$work"
        mkdir -p "$work/corpus"
        run_fuzzer "$place/mutants/$mutant/$fuzzer" "$(awk "BEGIN { print int($limit - $total) }")" "$work/log" -seed="$seed" \
            -print_final_stats=1 "${options[@]}" -artifact_prefix="$work/" "$work/corpus" "$seeds"
        total=$(awk "BEGIN { printf \"%.2f\", $total + $spent }")
        executions=$((executions + $(executions_in "$work/log")))
        input=$(find "$work" -mindepth 1 -maxdepth 1 -name '*-*' ! -name 'slow-unit-*')
        if [[ $input ]] && is_genuine "$mutant" "$fuzzer" "$input"; then
            mv "$input" "$place/found/$mutant-$fuzzer-$trial"
            note "$fuzzer" "$mutant" "$trial" "$seed" found "$total" "$executions" "$(seen_in "$work/log")"
            break
        elif [[ ! $input ]] && ! is_time_up; then
            echo "$work/log: the fuzzer ended with status $status"
            return 1
        elif awk "BEGIN { exit !($total > $limit - 1) }"; then
            note "$fuzzer" "$mutant" "$trial" "$seed" missed "$total" "$executions" ''
            break
        fi
    done
    rm -rf "$work"
}

# Runs TASK..., each a function with its arguments, $jobs at a time, and prints the progress.
run_tasks() {
    local what=$1 task line i=0 started=$SECONDS last=$SECONDS
    shift
    : >"$place/failed"
    for task; do
        while (($(jobs -rp | wc -l) >= jobs)); do
            wait -n || true
        done
        # shellcheck disable=SC2086  # a function and its arguments
        { $task >>"$place/log" 2>&1 || echo "$task" >>"$place/failed"; } &
        line="$what: $i of $#"
        ((i < 10)) || line+=", $(((SECONDS - started) * ($# - i) / i / 60 + 1)) min left"
        i=$((i + 1))
        if [[ -t 2 ]]; then
            printf '\r\033[K%s' "$line" >&2
        elif ((SECONDS - last >= 60)); then
            last=$SECONDS
            say "$line"
        fi
    done
    wait
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    [[ ! -s $place/failed ]] || fail "$(wc -l <"$place/failed") of $# tasks failed, the first was: $(head -n 1 "$place/failed"); the log is $place/log"
}

report() {
    local key
    for key in "${!keys[@]}"; do
        printf '%s\n' "${keys[$key]}"
    done | awk -F '\t' 'FNR == NR { current[$1]; next } $1 in current' - "$outcomes" >"$place/current.tsv"
    "$programs/eval/eval-report" --seconds "$seconds" "$mutant_table" "$place/current.tsv" "${chosen[@]}" |
        tee "$place/report.txt"
}

# Takes the defects of the past in place of the planted ones.
choose_historic() {
    local version table=fuzz/eval/historic.tsv left_out
    version=$(version_of_libvirt)
    mutant_table=$place/historic.tsv
    mkdir -p "$place"
    historic_rows "$table" "$version" >"$mutant_table"
    left_out=$(mutant_table=$table mutants | grep -vxF "$(mutants)" | xargs || true)
    [[ ! $left_out ]] || say "libvirt $version has these itself: $left_out"
}

# Runs the missing trials of FUZZER...
run_trials() {
    local tasks=() trial mutant fuzzer
    for ((trial = 1; trial <= trials; trial++)); do
        for mutant in $(mutants); do
            for fuzzer; do
                is_done "$fuzzer" "$mutant" "$trial" || tasks+=("run_trial $mutant $fuzzer $trial")
            done
        done
    done
    ((!${#tasks[@]})) || run_tasks "trials of $*" "${tasks[@]}"
}

verb_eval() {
    local chosen=("$@") trials=${option[trials]-10} jobs seconds tasks=() fuzzer libvirt place outcomes seeds unit='' unit_list unit_tests
    ((${#chosen[@]})) || chosen=(ours plain)
    for fuzzer in "${chosen[@]}"; do
        [[ " ${fuzzers[*]} " == *" $fuzzer "* ]] || usage_error "unknown fuzzer '$fuzzer'; fuzzers: ${fuzzers[*]}"
    done
    [[ $trials =~ ^[0-9]+$ ]] || usage_error "--trials needs a number, 0 or more, not '$trials'"
    check_jobs
    seconds=$(time_option 60s)

    build_fuzzers "${chosen[@]}"
    if [[ ${option[historic]-} ]]; then
        choose_historic
    else
        build_unit_tests
    fi
    outcomes=$place/outcomes.tsv
    mkdir -p "$place/found"
    touch "$outcomes"
    name_outcomes "${chosen[@]}"
    read_outcomes

    trap 'kill -KILL $(jobs -p) 2>/dev/null' EXIT
    trap 'exit 130' INT TERM
    if ((trials > 0)); then
        mapfile -t tasks < <(mutants | sed 's/^/prepare /')
        run_tasks "preparing mutants" "${tasks[@]}"
    fi
    set_limits
    if [[ ${option[decided]-} ]]; then
        run_trials "${chosen[0]}"
        read_outcomes
        set_limits "${chosen[0]}"
    fi
    run_trials "${chosen[@]}"
    trap - EXIT
    report
}
