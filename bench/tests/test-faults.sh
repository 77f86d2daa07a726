#!/usr/bin/env bash
# libvirt hangs, aborts, gives an answer that is not XML, refuses, or closes the client's socket: each has its verdict, and
# the run goes on. FAULTS names the folder with the faulty libvirts.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

printf 'start\nprime\nread\nrestart\nread\nexpect answer\n' >scenario.scn

# Only what hangs needs a deadline that passes.
deadline_of() {
    case $1 in
    hang | deaf | close-hang) echo 1s ;;
    *) echo 30s ;;
    esac
}

for fault in hang abort garbage refuse deaf; do
    mkdir "$fault"
    cp "$FAULTS/libvirt-$fault.so" "$fault/libvirt.so.0"
    check_exit "$fault: found" 1 "$CAPPROBE" bench --scenario scenario.scn --rounds 3 --libvirt "$fault" --deadline "$(deadline_of "$fault")" --output "$fault.json" --history "$fault.jsonl"
    verdict=failed
    [[ $fault != garbage ]] || verdict=torn
    check "$fault: $verdict once per round, and the rest is fresh" jq -e --arg verdict "$verdict" \
        '.scenarios[0] | .rounds == 3 and .reads[$verdict] == 3 and .reads.fresh == 6 and .expectations.held == 3' "$fault.json"
    check_exit "$fault: the history alone gives the same status" 1 "$CAPPROBE" judge "$fault.jsonl"
done
for fault in close-hang close-abort close-fail; do
    mkdir "$fault"
    cp "$FAULTS/libvirt-$fault.so" "$fault/libvirt.so.0"
    check_exit "$fault: found" 1 "$CAPPROBE" bench --scenario scenario.scn --rounds 2 --libvirt "$fault" --deadline "$(deadline_of "$fault")" --output "$fault.json" --history "$fault.jsonl"
    check "$fault: reported as such, and all reads are there" jq -e \
        '(.error | startswith("the connection was not closed: ")) and .scenarios[0].rounds == 2 and .scenarios[0].reads.fresh == 6' "$fault.json"
    check_exit "$fault: the history alone gives the same status" 1 "$CAPPROBE" judge "$fault.jsonl"
done
check 'a hang is reported as such' grep -q 'no answer within 1.00 s' hang.json
check 'a death is reported as such' grep -q 'the client died: Aborted' abort.json
check 'an answer that is not XML is reported as such' grep -q 'the answer is not XML' garbage.json
check 'a client that closes its socket but does not end is reported as such' grep -q 'closed its socket, but did not end within 1.00 s' deaf.json
check "libvirt's own message is kept" grep -q 'refused by the test' refuse.json

done_testing
