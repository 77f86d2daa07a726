#!/usr/bin/env bash
# Comparisons of results: figures, the gate, what cannot be compared, and results that are cut off.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99
export XDG_STATE_HOME=$scratch/state

# NS SPREAD_NS [CPU]: prints a result of two scenarios, 20 rounds each: line 2 takes NS, and up to SPREAD_NS more.
result_of() {
    jq -n --argjson ns "$1" --argjson spread "$2" --arg cpu "${3:-some CPU}" '
        def counts: {fresh: 20, stale: 0, torn: 0, failed: 0, unknown: 0, hidden: 0};
        def scenario($name; $ns): {name: $name, file: "made.scn", skipped: "", needs: 0, rounds: 20, untestable: 0,
            reads: counts, refreshes: {needed: 20, spurious: 0, unknown: 0}, operations: {changed: 0, unchanged: 0},
            expectations: {held: 0, failed: 0}, emulators_started: 20, emulator_cpu_ns: 0, libvirt_cpu_ns: 0, max_rss_kb: 0,
            samples: [range(20) | {round: (. + 1), line: 2, label: null, verdict: "fresh", refresh: "needed",
                ns: ($ns + (. * 7919 % 20) * $spread / 20 | floor)}],
            lines: [], settle: [], problems: []};
        {schema: "capprobe.result/2", environment: {kvm: "absent", host: {cpu: $cpu, cpus: 2}, emulator: {version: "QEMU 7.2"}},
            seed: 1, status: 0, error: "", reason: "", differences: [], scenarios: [scenario("s"; $ns), scenario("t"; 200000)],
            profile: [], harness: {wall_ns: 1, libvirt_ns: 1}}'
}
result_of 100000 2000 >base.json
result_of 110000 2000 >slow.json
result_of 100010 2000 >same.json
result_of 100000 90000 >wide.json
result_of 100000 2000 another >other.json
for run in base slow same; do
    jq '.seed = 2' "$run.json" >"${run}2.json"
done
jq '.scenarios[0].problems = [{round: 1, line: 2, verdict: "stale", differences: []}] | .scenarios[0].reads.stale = 1' base.json >stale.json
jq '.status = 130 | .error = "interrupted"' base.json >broken.json

# FILTER COMMAND...: the comparison as JSON passes the filter.
gives() {
    local filter=$1
    shift
    "$@" --format json >given.json && jq -e "$filter" given.json
}

check 'slower' gives '.overall == "regressed" and .paired == false and
    (.lines | map([.scenario, .change]) == [["s", "slower"], ["t", "unchanged"]]) and .lines[0].ratio > 0.09' \
    "$CAPPROBE" compare base.json slow.json
check 'faster' gives '.overall == "improved" and .lines[0].change == "faster"' "$CAPPROBE" compare slow.json base.json
check 'unchanged' gives '.overall == "unchanged"' "$CAPPROBE" compare base.json same.json
check 'cannot tell' gives '.overall == "inconclusive" and .lines[0].visible > 0.05 and .lines[0].rounds_needed > 20' \
    "$CAPPROBE" compare wide.json wide.json
check 'newly stale' gives '.overall == "regressed" and (.counts | map([.scenario, .line, .what, .worse]) == [["s", 2, "stale", true]])' \
    "$CAPPROBE" compare base.json stale.json
check 'newly fresh' gives '.overall == "improved" and .counts[0].worse == false' "$CAPPROBE" compare stale.json base.json
check 'text is the default' eval '"$CAPPROBE" compare base.json slow.json | grep -qE "^s:2 .* slower$"'
check 'Markdown' eval '"$CAPPROBE" compare base.json slow.json --format markdown | grep -qF "| s:2 |"'
check 'an unknown format is refused' refuses '--format yaml: expected text, json or markdown' \
    "$CAPPROBE" compare base.json slow.json --format yaml

check_exit 'without a gate the exit status is 0' 0 "$CAPPROBE" compare base.json slow.json
check_exit 'gate: an alarm that was not confirmed' 125 "$CAPPROBE" compare base.json slow.json --gate
check_exit 'gate: confirmed' 1 "$CAPPROBE" compare base.json slow.json --second base2.json --second slow2.json --gate
check_exit 'gate: refuted' 0 "$CAPPROBE" compare base.json slow.json --second base2.json --second same2.json --gate
check 'the same run confirms nothing' refuses '--second slow.json: it is of the same run as the first result' \
    "$CAPPROBE" compare base.json slow.json --second base2.json --second slow.json --gate
check 'nor does the same base' refuses '--second base.json: it is of the same run' \
    "$CAPPROBE" compare base.json slow.json --second base.json --second slow2.json --gate
check_exit 'gate: a newly stale read needs no clock' 1 "$CAPPROBE" compare base.json stale.json --gate
check_exit 'gate: nothing is worse' 0 "$CAPPROBE" compare base.json same.json --gate
check_exit 'gate: slower by less than matters' 0 "$CAPPROBE" compare base.json slow.json --gate --threshold 20%
check_exit 'gate: not enough rounds' 125 "$CAPPROBE" compare wide.json wide.json --gate
check 'gate: says how many rounds would do' eval \
    '{ "$CAPPROBE" compare wide.json wide.json --gate 2>&1 >/dev/null; true; } | grep -qE "below what this run can see; about [0-9]+ rounds would do"'
check_exit 'gate: a run that was interrupted' 125 "$CAPPROBE" compare base.json broken.json --gate
for wrong in 5 0% -1% 5%% x% 2000%; do
    check "a threshold of $wrong is refused" refuses "--threshold $wrong: expected a percentage" \
        "$CAPPROBE" compare base.json slow.json --threshold="$wrong"
done

check 'another CPU is refused' refuses "cannot be compared: the CPU differs: 'some CPU' and 'another' (--allow cpu compares nevertheless)" \
    "$CAPPROBE" compare base.json other.json
check 'unless it is allowed' gives '.notes == ["the CPU differs: '\''some CPU'\'' and '\''another'\''"]' \
    "$CAPPROBE" compare base.json other.json --allow cpu
check 'an unknown difference is refused' refuses '--allow weather: expected cpu, kvm' \
    "$CAPPROBE" compare base.json other.json --allow weather
check 'another schema is refused' refuses "this is a result of the schema 'capprobe.result/3', expected 'capprobe.result/2'" \
    "$CAPPROBE" compare base.json <(sed 's,result/2,result/3,' base.json)
check 'a single result of one variant is refused' refuses 'base.json: variants: 1, expected two if it is the only result' \
    "$CAPPROBE" compare base.json
check 'three results are refused' refuses 'compare: expected at most two arguments, RESULT [RESULT], but got 3' \
    "$CAPPROBE" compare base.json slow.json same.json
check 'no result is refused' refuses 'compare: expected at least one argument' "$CAPPROBE" compare
check 'half a second run is refused' refuses '--second was given 1 times' "$CAPPROBE" compare base.json slow.json --second base.json

# The variants of one result are paired.
jq '. as $run | .environment = {kvm: "absent", host: .environment.host} |
    .variants = [{name: "old", environment: $run.environment}, {name: "new", environment: $run.environment}] |
    .scenarios |= [.[0] + {variant: "old"}, .[0] + {variant: "new"}]' base.json >two.json
check 'two variants of a result' gives '.paired and .a == "old" and .b == "new" and .lines[0].pairs == 10 and .overall == "unchanged"' \
    "$CAPPROBE" compare two.json

# The noise floor of the machine.
mkdir -p state/capprobe
jq -n '{schema: "capprobe.noise/1", machines: [{machine: "some CPU, 2 CPUs, KVM absent", comparisons: 1, alarms: 0,
    lines: [{scenario: "s", line: 2, runs: [{rounds: 20, shift: 0.2}]}]}]}' >state/capprobe/noise.json
check 'a change below the noise of the machine is not certain' gives '.overall == "inconclusive" and .lines[0].floor == 0.2' \
    "$CAPPROBE" compare base.json slow.json
check_exit 'gate: nor does it pass' 125 "$CAPPROBE" compare base.json slow.json --gate
check 'another file of noise' gives '.overall == "regressed"' "$CAPPROBE" compare base.json slow.json --floor none.json
printf '{' >state/capprobe/noise.json
check 'a broken file of noise is refused' refuses 'noise.json:1:2: ' "$CAPPROBE" compare base.json slow.json
check 'also before a run' refuses 'noise.json:1:2: ' "$CAPPROBE" ab --a installed --b name=x
check 'a file of noise that cannot be written, as well' refuses '/proc/none: ' "$CAPPROBE" ab --self --floor /proc/none/noise
rm state/capprobe/noise.json

# test-result.c cuts off results after every byte.
cut_off() {
    head -c 1000 base.json >cut.json
    refuses 'cut.json:' "$CAPPROBE" compare base.json cut.json && refuses 'cut.json:' "$CAPPROBE" compare cut.json base.json
}
check 'a result that is cut off is refused' cut_off

# Merged results.
jq '.environment.shard = "1/2" | .scenarios |= .[:1]' base.json >shard-1.json
jq '.environment.shard = "2/2" | .scenarios |= .[1:]' base.json >shard-2.json
check 'shards are merged' "$CAPPROBE" merge shard-2.json shard-1.json --output merged.json
check 'into what the whole would have been' cmp <(jq 'del(.harness)' merged.json) <("$CAPPROBE" merge base.json | jq 'del(.harness)')
check 'standard output is the default' eval '"$CAPPROBE" merge base.json | jq -e "[.scenarios[].name] == [\"s\", \"t\"]"'
check 'a shard is missing' refuses 'shard-1.json: of its run shard 2/2 is missing' "$CAPPROBE" merge shard-1.json
check 'the same twice' refuses 'base.json: the rounds of s on this machine are in base.json as well, expected each round once' \
    "$CAPPROBE" merge base.json base.json
check 'no result at all' refuses 'merge: expected at least one argument' "$CAPPROBE" merge
jq '.schema = "capprobe.result/1"' base.json >older.json
check 'another schema' refuses "the schema 'capprobe.result/1'" "$CAPPROBE" merge base.json older.json
check 'machines are kept apart' "$CAPPROBE" merge base.json other.json --output machines.json
check 'as variants of the processors' jq -e '[.scenarios[].variant] == ["some-CPU", "another", "some-CPU", "another"]' machines.json
check 'the table names both' eval '"$CAPPROBE" show machines.json | grep -qxF "another: another, ?"'
check 'they are not taken for one run' refuses "the CPU differs: 'some CPU' and 'another'" "$CAPPROBE" compare machines.json
check 'nor for a run of one machine' refuses 'machines.json: it was merged from results of several machines' \
    "$CAPPROBE" history add machines.json --db history.db

done_testing
