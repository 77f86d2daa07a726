#!/usr/bin/env bash
# ab: two variants in one run are compared. FAULTS names the folder with the faulty libvirts.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

mkdir refuse garbage
cp "$FAULTS/libvirt-refuse.so" refuse/libvirt.so.0
cp "$FAULTS/libvirt-garbage.so" garbage/libvirt.so.0
printf 'start\nread\n' >one.scn
printf 'start\nprime\nread\n' >two.scn
ab=("$CAPPROBE" ab --kvm absent --floor noise.json)

# refuse and garbage differ only in the second answer of a process, of which one.scn has none.
check_exit 'two that are alike' 0 "${ab[@]}" --a libvirt=refuse,name=base --b libvirt=garbage --scenario one.scn --rounds 6 --once \
    --threshold 1000% --output ab.json --history ab.jsonl --format json
check 'both are in the result' jq -e '.variants | map(.name) | .[0] == "base" and length == 2' ab.json
check 'the history gives the same result' eval '"$CAPPROBE" judge ab.jsonl --output again.json && cmp ab.json again.json'
check 'the result gives the same comparison' eval '"$CAPPROBE" compare ab.json --threshold 1000% --floor noise.json --format json |
    jq -e ".paired and .a == \"base\" and .lines[0].pairs == 3"'

# What is newly wrong is run once more, with another seed.
check_exit 'a variant that is newly wrong' 1 eval \
    '"${ab[@]}" --a installed --b libvirt=garbage --scenario one.scn --scenario two.scn --rounds 2 --gate --seed 7 --output first.json \
        --second second.json --format json >bad.json'
check 'it says so, and that it was seen twice' jq -e \
    '.overall == "regressed" and (.counts | map([.scenario, .line, .what, .second]) == [["two", 3, "failed", "confirmed"]])' bad.json
check 'only that scenario was run once more, with another seed' jq -es \
    '.[0].seed == 7 and (.[0].scenarios | length) == 4 and .[1].seed == 8 and (.[1].scenarios | map(.name)) == ["two", "two"]' \
    first.json second.json

# A thing against itself: 20 rounds are a comparison, whose shift is kept.
check_exit 'a libvirt against itself' 0 "${ab[@]}" --self --a libvirt=refuse --scenario one.scn --rounds 20
check 'its noise is kept' jq -e '.machines | length == 1 and (.[0] | .comparisons == 1 and
    (.lines | map([.scenario, .line]) == [["one", 2]]) and (.lines[0].runs | length) == 1)' noise.json

# A limit that is far too small is noticed after 20 rounds, not at the end.
check_exit 'rounds that follow from the precision' 0 eval \
    '"${ab[@]}" --a libvirt=refuse --b libvirt=garbage --scenario one.scn --rounds auto --precision 0.001% --limit 30 --once \
        --output auto.json 2>auto.txt'
check 'says what it would take' grep -qE 'not reached: it would take about [0-9]+ rounds, and the limit is 30' auto.txt
check 'and ends early' jq -e '.scenarios | map(.rounds) == [20, 20]' auto.json

# What a read costs. perf-fault.so lets the kernel count CPU time, in ns, in the place of instructions. A sanitizer would otherwise
# refuse to be loaded after another library.
export ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0"
counted=(env LD_PRELOAD="$FAULTS/perf-fault.so" "$CAPPROBE" bench --kvm absent --rounds 1 --scenario costs.scn)
printf 'start\nread "refresh"\nread "from memory"\n' >costs.scn
check_exit 'costs of reads' 0 "${counted[@]}" --output costs.json --history costs.jsonl
check 'CPU time is counted' jq -e '.scenarios[0].samples | .[0].emulator_cpu_ns > 0 and .[1].emulator_cpu_ns == 0 and
    all(.[]; .libvirt_cpu_ns > 0)' costs.json
check_exit 'without counters, too' 0 env PERF_FAULT=1 "${counted[@]}" --output uncounted.json
check 'then there are no instructions, and it is said why' jq -e '(.scenarios[0].samples | length == 2 and
    all(.[]; has("libvirt_instructions") or has("emulator_instructions") | not)) and
    (.environment.host.instructions | startswith("the kernel does not allow it"))' uncounted.json
check 'and in text' grep -q '^instructions are not counted: the kernel does not allow it' <("$CAPPROBE" show uncounted.json)
# The two sources must agree on what is of libvirt and what of the emulator.
agree() {
    jq -c '.scenarios[0].samples[]' costs.json
    jq -e '.environment.host.instructions == "counted" and (.scenarios[0].samples | all(.[];
        (.libvirt_instructions / .libvirt_cpu_ns | . > 0.5 and . < 2) and
        (if .emulator_cpu_ns > 0 then .emulator_instructions / .emulator_cpu_ns | . > 0.5 and . < 2 else .emulator_instructions == 0 end)))' \
        costs.json
}
if jq -e '.environment.host.instructions == "counted"' costs.json >/dev/null; then
    check 'counters tell libvirt from its emulators' agree
    check 'instructions are shown' grep -qE '^costs:3 from memory .* [0-9.]+ [kM] +0$' <("$CAPPROBE" show costs.json)
else
    skip 'counters tell libvirt from its emulators' "$(jq -r .environment.host.instructions costs.json)"
fi

check 'nothing to compare with' refuses 'expected --a and --b, or --self' "${ab[@]}" --a installed
check 'two sides of one' refuses '--self compares --a with itself' "${ab[@]}" --self --b installed
check 'a wrong word' refuses "--b lib=x: expected 'installed', or libvirt=DIR" "${ab[@]}" --a installed --b lib=x
check 'two equal names' refuses '--a and --b have the same name, x' "${ab[@]}" --a name=x --b name=x
check 'a precision without auto' refuses '--precision is only for --rounds auto' "${ab[@]}" --self --precision 1%
check 'a file for two results' refuses 'both.json' "${ab[@]}" --self --output both.json --second both.json
check_exit 'a variant that cannot be run' 125 "${ab[@]}" --a installed --b tree="$scratch" --scenario one.scn --rounds 1 --gate

done_testing
