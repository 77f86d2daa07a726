#!/usr/bin/env bash
# Questions other than that of read, and settles, on the real libvirt and QEMU.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# NAME STEP...: replays the steps, without KVM since that takes half the time, and with $options. Leaves NAME.jsonl, the history,
# and NAME.json, the result.
options=()
replay() {
    local name=$1
    shift
    printf '%s\n' "$@" >"$name.scn"
    local status=0
    "$CAPPROBE" replay "$name.scn" --kvm absent "${options[@]}" --history "$name.jsonl" >"$name.out" || status=$?
    "$CAPPROBE" judge "$name.jsonl" --output "$name.json" >/dev/null || true
    return "$status"
}

check_exit 'two processes give the same capabilities' 0 replay capabilities start 'ask capabilities' restart 'ask capabilities'
check 'they are answers, and the second comes from the cache' jq -se 'map(select(.type == "read")) | map(.name == "ask" and .question == "capabilities" and (.answer != null)) == [true, true] and .[0].emulators > 0 and .[1].emulators == 0' capabilities.jsonl
check 'they have a truth in each pass' jq -se 'map(select(.type == "truth" and .question == "capabilities").pass) == [1, 2]' capabilities.jsonl

check_exit 'each machine type of each emulator is asked for' 0 replay walk start 'ask domcaps every-emulator every-machine'
check 'all reads are fresh, and each is another question' jq -se 'map(select(.type == "read").question) | length > 2 and unique == sort' walk.jsonl
check 'each question has a truth in each pass, in the opposite order' jq -se '(map(select(.type == "read").question) as $asked | map(select(.type == "truth" and .pass == 1).question)[1:] == $asked and map(select(.type == "truth" and .pass == 2).question)[1:] == ($asked | reverse))' walk.jsonl

# What is right need not be learned twice for the rest.
options=(--confirm no)
check_exit 'a question that libvirt refuses is fresh' 0 replay refused start 'ask domcaps machine none-such' 'expect error' 'ask domcaps flags 1073741824' 'expect error' read
check_exit 'a question about no emulator is fresh' 0 replay missing start 'ask domcaps emulator none-such' 'expect error' read

check_exit 'questions follow the modules' 0 replay states start 'ask domcaps machine q35' 'remove hw-display-qxl' read 'add hw-display-qxl' read
check 'a question has a truth only in the state in which it was asked' jq -se 'map(select(.type == "truth" and .pass == 1).question) | (map(contains(" q35 ")) | map(select(.)) | length == 1) and length == 3' states.jsonl

check_exit 'libvirt is right some time after a change' 0 replay right start prime 'remove hw-display-qxl' 'settle 60s "qxl removed"'
check 'how long that took is in the result' jq -e '.scenarios[0] | .settle == [{round: 1, line: 4, label: "qxl removed", limit_ns: 60000000000, settled: "right", stale: 0, ns: .settle[0].ns}] and .settle[0].ns > 0 and .samples == []' right.json
check 'show prints it' bash -c '"$0" show right.json | grep -q "^right:4 qxl removed: right after "' "$CAPPROBE"
check 'the runner stops reading when the answer is right' jq -se 'map(select(.name == "settle")) | length == 1' right.jsonl

check_exit 'what libvirt never notices is bad' 1 replay never start prime 'overwrite hw-display-qxl' 'settle 300ms'
check 'it is a problem, and stale reads of a settle are not counted' jq -e '.scenarios[0] | .settle[0].settled == "never" and .settle[0].ns == null and .settle[0].stale > 1 and .reads.stale == 0 and .problems[0].verdict == "never"' never.json
check 'a settle has at most 200 reads' jq -se 'map(select(.name == "settle")) | length > 1 and length <= 200' never.jsonl
check_exit 'to be right too late is bad' 1 replay late start prime 'remove hw-display-qxl' 'settle 1ms'
check 'there is a read in any case' jq -se 'map(select(.name == "settle")) | length == 1' late.jsonl
check_exit 'each round has its settle' 1 "$CAPPROBE" bench --scenario never.scn --scenario right.scn --rounds 2 --kvm absent --confirm no --output rounds.json
check 'as the result says' jq -e '[.scenarios[] | [.settle[].settled]] == [["never", "never"], ["right", "right"]]' rounds.json

done_testing
