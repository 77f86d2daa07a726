#!/usr/bin/env bash
# The standard suite, which libvirt should pass, and all operations, on the real libvirt and QEMU.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
here=$(realpath "${0%/*}")
cd "$scratch" || exit 99

every_operation_is_used() {
    local word
    "$CAPPROBE" ops | sed 1d | while read -r word _; do
        grep -qE "^ *$word( |\$)" "$here"/every-*.scn "$CORPUS"/scenarios/*.scn "$CORPUS"/bugs/*/repro.scn || { echo "$word" && return 1; }
    done
}

# Without KVM a probe takes half the time. Scenarios that need it, and one that changes modules, follow with KVM.
check_exit 'bench --suite standard finds nothing wrong' 0 "$CAPPROBE" bench --rounds 1 --seed 7 --kvm absent --output result.json --history history.jsonl --profile
check 'the result names its schema, seed and libvirt' jq -e '.schema == "capprobe.result/2" and .seed == 7 and (.environment.libvirt.version | length > 0)' result.json
check 'every scenario was run, unless it needs KVM and there is none, and all reads were fresh' jq -e '[.scenarios[] | (.skipped | contains("KVM")) or .skipped == "" and .rounds == 1 and .reads.fresh > 0 and (.reads.stale + .reads.torn + .reads.failed + .reads.unknown) == 0] | all' result.json
check 'each read gives a sample, except prime' jq -e '[.scenarios[] | select(.name == "warm-read") | (.samples | length) == 20 and (.samples | all(.refresh == "none" and .verdict == "fresh")) and .reads.fresh == 21] == [true]' result.json
check 'each refresh started an emulator or more, and each scenario had a needed refresh' jq -e '[.scenarios[] | select(.skipped == "") | .emulators_started >= .refreshes.needed + .refreshes.spurious and .refreshes.needed > 0] | all' result.json
check 'refreshes after touch-dir are spurious' jq -e '[.scenarios[] | select(.name == "touch-dir") | .refreshes.spurious] == [2]' result.json
check 'refreshes after remove and add are needed' jq -e '[.scenarios[] | select(.name == "remove-add") | .refreshes.spurious == 0 and .operations.changed == 4] == [true]' result.json
check 'the result has the overhead of the harness' jq -e '.harness.overhead_ratio >= 1' result.json
check 'the phases of a profile add up' jq -e '.profile | length == 3 and all(.[]; .total_ns as $t | ([.phases[]] | add) as $sum | $sum <= $t * 1.05 and $sum >= $t * 0.95)' result.json
check 'the profile shows that libvirt sleeps after the emulator has ended' jq -e '[.profile[].phases["libvirt asleep after the emulator had ended"]] | all(. > 0)' result.json
check_exit 'the history alone gives the same status' 0 "$CAPPROBE" judge history.jsonl --output judged.json
check 'the history alone gives the same result' cmp result.json judged.json

# The others are those that only the suite `all` has. Those of packages and images are those of test-packages.sh. What is right is
# learned a second time above.
reported=() kvm=(--scenario "$CORPUS/scenarios/remove-add.scn")
carried_out=$(jq -r '.scenarios[] | select(.skipped == "").name' result.json)
for file in "$CORPUS"/scenarios/*.scn; do
    name=$(basename "$file" .scn)
    case $name in
    package-* | image-*) ;;
    *)
        if grep -qx 'needs kvm' "$file"; then
            kvm+=(--scenario "$file")
        elif ! grep -qx "$name" <<<"$carried_out"; then
            reported+=(--scenario "$file")
        fi
        ;;
    esac
done
check_exit 'situations that people reported, in which libvirt is right' 0 "$CAPPROBE" bench --rounds 1 --confirm no --kvm absent "${reported[@]}" --history reported.jsonl
check 'all that this host can have were carried out' jq -se 'all(.type != "skip" or .needs == 1)' reported.jsonl
check_exit 'those about KVM' 0 "$CAPPROBE" bench --rounds 1 --confirm no "${kvm[@]}" --history kvm.jsonl
check 'all that this host can have were carried out, too' jq -se 'all(.type != "skip" or .needs == 1)' kvm.jsonl
check_exit 'the operations that the suites do not use' 0 "$CAPPROBE" replay "$here/every-operation.scn" --confirm no
check 'every operation is used by a test' every_operation_is_used
check_exit 'the result can be shown' 0 "$CAPPROBE" show result.json

done_testing
