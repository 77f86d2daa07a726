#!/usr/bin/env bash
# libvirt hangs, aborts, answers with what is not XML, or refuses: a verdict each, and the run goes on.
# FAULTS names the folder in which the faulty libvirts were built.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

printf 'start\nprime\nread\nrestart\nread\nexpect answer\n' >scenario.scn

for fault in hang abort garbage refuse deaf; do
    mkdir "$fault"
    cp "$FAULTS/libvirt-$fault.so" "$fault/libvirt.so.0"
    check_exit "$fault: found" 1 "$CAPPROBE" bench --scenario scenario.scn --rounds 3 --libvirt "$fault" --deadline 300ms --output "$fault.json" --history "$fault.jsonl"
    verdict=failed
    [[ $fault != garbage ]] || verdict=torn
    check "$fault: $verdict once a round, and all else is well" jq -e --arg verdict "$verdict" \
        '.scenarios[0] | .rounds == 3 and .reads[$verdict] == 3 and .reads.fresh == 6 and .expectations.held == 3' "$fault.json"
    check_exit "$fault: judged so from its history alone" 1 "$CAPPROBE" judge "$fault.jsonl"
done
check 'a hang is told as such' grep -q 'no answer within 300 ms' hang.json
check 'so is a death' grep -q 'the client died: Aborted' abort.json
check 'what is no XML is told as such' grep -q 'the answer is not XML' garbage.json
check 'a client that closes its socket but does not end is reported as such' grep -q 'closed its socket, but did not end within 300 ms' deaf.json
check "libvirt's own words are kept" grep -q 'refused by the test' refuse.json

done_testing
