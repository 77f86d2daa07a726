#!/usr/bin/env bash
# The standard suite, which libvirt should pass, on the real libvirt and QEMU.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
here=$(realpath "${0%/*}")
cd "$scratch" || exit 99

takes_every_operation() {
    local word
    "$CAPPROBE" ops | sed 1d | while read -r word _; do
        grep -qE "^ *$word( |\$)" "$here/every-operation.scn" "$CORPUS"/scenarios/*.scn "$CORPUS"/bugs/*/repro.scn || { echo "$word" && return 1; }
    done
}

check_exit 'bench --suite standard finds nothing wrong' 0 "$CAPPROBE" bench --rounds 1 --seed 7 --output result.json --history history.jsonl --profile
check 'the result has its schema' jq -e '.schema == "capprobe.result/1" and .seed == 7 and (.environment.libvirt.version | length > 0)' result.json
check 'every scenario was run, unless KVM is missing, and its reads were fresh' jq -e '[.scenarios[] | (.skipped | contains("KVM")) or .skipped == "" and .rounds == 1 and .reads.fresh > 0 and (.reads.stale + .reads.torn + .reads.failed + .reads.unknown) == 0] | all' result.json
check 'as many samples as reads that are not primes' jq -e '[.scenarios[] | select(.name == "warm-read") | (.samples_ns | length) == 20 and .reads.fresh == 21] == [true]' result.json
check 'emulators were started for refreshes, and only for them' jq -e '[.scenarios[] | select(.skipped == "") | .emulators_started >= .refreshes.needed + .refreshes.spurious and .refreshes.needed > 0] | all' result.json
check 'a touched directory costs without benefit' jq -e '[.scenarios[] | select(.name == "touch-dir") | .refreshes.spurious] == [3]' result.json
check 'a removed module does not' jq -e '[.scenarios[] | select(.name == "remove-add") | .refreshes.spurious == 0 and .operations.changed == 4] == [true]' result.json
check 'the harness accounts for itself' jq -e '.harness.overhead_ratio >= 1' result.json
check 'the phases of a profile add up' jq -e '.profile | length == 3 and all(.[]; .total_ns as $t | ([.phases[]] | add) as $sum | $sum <= $t * 1.05 and $sum >= $t * 0.95)' result.json
check 'the profile shows what libvirt sleeps away' jq -e '[.profile[].phases["libvirt asleep after the emulator had ended"]] | all(. > 0)' result.json
check_exit 'the history alone gives the same status' 0 "$CAPPROBE" judge history.jsonl --output judged.json
check 'and the same result' cmp result.json judged.json
check_exit 'every operation that the suites leave out' 0 "$CAPPROBE" replay "$here/every-operation.scn"
check 'no operation is left untested' takes_every_operation
check_exit 'show' 0 "$CAPPROBE" show result.json

done_testing
