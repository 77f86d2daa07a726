#!/usr/bin/env bash
# Clients that read beside each other, with a real libvirt: every read is judged, none is lost; what becomes of clients that a daemon does not admit.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99
chmod 755 "$scratch"

printf '%s\n' start prime 'clients 12 20 {' 'remove hw-display-qxl' read 'add hw-display-qxl' 'read' '}' 'read "after"' 'expect has modelType qxl' >load.scn
check_exit 'clients of the embedded driver' 0 "$CAPPROBE" bench --scenario load.scn --rounds 1 --kvm absent --output load.json --history load.jsonl
check 'each has made reads, all of which were told and are fresh' jq -se --slurpfile result load.json '
    ([.[] | select(.type == "read" and .client)] | length) as $told | (.[] | select(.type == "clients-end").reads) as $made |
    ([.[] | select(.type == "read").client // empty] | unique == [range(1; 13)]) and $told == $made and
    ($result[0].scenarios[0].reads | .fresh == $made + 4 and .stale == 0 and .torn == 0 and .failed == 0)' load.jsonl
check 'no read begins before its time' jq -se 'all(.[] | select(.client); .planned_ns <= .begin_ns)' load.jsonl
check 'all of them together start one emulator per change' jq -e '.scenarios[0].clients[0] | .changes == 2 and .emulators == 2' load.json
check_exit 'the history alone gives the same result' 0 "$CAPPROBE" judge load.jsonl --output judged.json
check 'which it does' cmp load.json judged.json

if ((EUID != 0)) || ! command -v libvirtd >/dev/null; then
    skip 'clients of a daemon' 'not root, or libvirtd is missing'
    done_testing
    exit
fi

printf '%s\n' 'max-clients 4' start prime 'clients 8 {' 'pause 1ms' '}' read >full.scn
check_exit 'a daemon that does not admit them all' 125 "$CAPPROBE" bench --scenario full.scn --scenario load.scn --rounds 1 --kvm absent \
    --target libvirtd --deadline 20s --output full.json --history full.jsonl
check 'one line says so' jq -se '[.[] | select(.type == "skip").error] | length == 1 and
    (.[0] | endswith("full.scn:4:1: only 3 of 8 clients could connect: no answer within 20.0 s"))' full.jsonl
check 'and the run goes on' jq -e '.scenarios | map({(.name): .rounds}) | add == {full: 0, load: 1}' full.json
check 'the daemon tells how many clients there are' jq -se '[.[] | select(.admin).admin] |
    length == 2 and all(.[]; .clients == 13 and .clients_max == 5000 and .workers <= .workers_max)' full.jsonl
check_exit 'max-clients without a daemon' 125 "$CAPPROBE" replay full.scn --kvm absent

done_testing
