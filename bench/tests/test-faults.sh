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
    check "$fault: failed once per round, and the rest is fresh" jq -e \
        '.scenarios[0] | .rounds == 3 and .reads.failed == 3 and .reads.fresh == 6 and .expectations.held == 3' "$fault.json"
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

# A defect that a scenario names is reproduced by nothing else.
printf 'start\nprime\nread\nexpect verdict stale\nrestart\nread\nexpect verdict stale\n' >stale.scn
printf 'start\nprime\nexpect lost\nread\nexpect lost\nrestart\nread\nexpect lost\n' >lost.scn
for fault in abort refuse; do
    check_exit "$fault: a stale answer is not reproduced by it" 125 "$CAPPROBE" replay stale.scn --libvirt "$fault" --history "stale-$fault.jsonl"
    check "$fault: which the output says" bash -c '"$@" | grep -E "^stale: not the expected defect \(line [0-9]+ is failed \(.*\)"' sh "$CAPPROBE" judge "stale-$fault.jsonl"
done
check_exit 'abort: a crash is reproduced by it' 1 "$CAPPROBE" replay lost.scn --libvirt abort
check_exit 'refuse: a crash is not reproduced by an error' 125 "$CAPPROBE" replay lost.scn --libvirt refuse

# FILTER FILE: all events of the history, as an array, pass the filter.
events() {
    jq -es "$1" "$2"
}

for fault in crash crash-twice; do
    mkdir "$fault"
    cp "$FAULTS/libvirt-$fault.so" "$fault/libvirt.so.0"
    "$CAPPROBE" replay scenario.scn --libvirt "$fault" --history "$fault.jsonl" >"$fault.txt" 2>&1
done
check 'a truth that is lost three times is told as lost' events \
    '[.[] | select(.type == "truth")] | length == 2 and all(.[]; .lost | startswith("the client died: Aborted"))' crash.jsonl
check 'a read that is lost is told as lost' events \
    '[.[] | select(.type == "read")] | length == 3 and all(.[]; .lost and (has("error") or has("answer") | not))' crash.jsonl
check 'a truth that is lost twice is asked for again' events \
    '[.[] | select(.type == "truth")] | length == 2 and all(.[]; .answer and .emulators == 1)' crash-twice.jsonl
check 'with --confirm no, truths are learned once' eval \
    '"$CAPPROBE" replay scenario.scn --libvirt crash-twice --confirm no --history once.jsonl; events "[.[] | select(.type == \"truth\") | .pass] == [1]" once.jsonl'
check 'an error has its domain and code' events \
    '[.[] | select(.type == "read" and .error)] | length == 3 and all(.[]; .error == "refused by the test" and .domain == 10 and .code == 9)' refuse.jsonl
check 'a crash on closing is told as such, in each round' events \
    '[.[] | select(.type == "read" and .name == "close") | .lost | startswith("the connection was not closed: the client died: Aborted")] == [true, true, true, true]' close-abort.jsonl

# Emulators that fail at once, also under another name, count.
printf '#!/bin/sh\nexit 1\n' >fails
printf '#!/bin/sh\nexec /bin/false "$@"\n' >becomes-another
chmod +x fails becomes-another
for emulator in fails becomes-another; do
    "$CAPPROBE" replay scenario.scn --emulator "$PWD/$emulator" --history "$emulator.jsonl" >/dev/null 2>&1
    check "an emulator that $emulator is counted" events \
        '[.[] | select(.type == "truth" or .type == "read")] | length == 5 and all(.[]; .emulators >= 1 and .error)' "$emulator.jsonl"
done

# The sandbox fails after the last event. A sanitizer would otherwise refuse to be loaded after another library.
late_fault() {
    export ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0"
    LD_PRELOAD=$FAULTS/sandbox-fault.so "$CAPPROBE" replay scenario.scn --libvirt refuse 2>late.err
    local status=$?
    cat late.err
    grep -qx 'capprobe: the sandbox ended with status 9 after its last event' late.err || return 1
    return "$status"
}
check_exit 'a sandbox that does not end well' 255 late_fault

# A libvirt that cannot be opened. After the first read that client is gone, and must not be asked.
printf 'start\nread\nread\nrestart\nread\n' >open.scn
opened_by() {
    mkdir "$1"
    cp "$FAULTS/libvirt-$1.so" "$1/libvirt.so.0"
    "$CAPPROBE" replay open.scn --libvirt "$1" --history "$1.jsonl"
}
check_exit 'a libvirt that dies when it is opened' 1 opened_by open-abort
check 'each of its reads is lost' events \
    '[.[] | select(.type == "read") | .lost | startswith("libvirt could not be opened: the client died: Aborted")] == [true, true, true]' open-abort.jsonl
check_exit 'a libvirt that refuses to be opened decides nothing' 125 opened_by open-fail
check 'and its reason is told' events \
    '[.[] | select(.type == "skip") | .error | startswith("libvirt cannot be started here: refused by the test;")] == [true]' open-fail.jsonl

# A libvirt that crashes is never fresh, and one that never answers decides nothing.
check_exit 'a libvirt that always crashes' 1 "$CAPPROBE" replay scenario.scn --libvirt crash
check 'is never fresh' eval '! grep -qE "[0-9] fresh" crash.txt'
printf "start\nread\nread\n" >reads.scn
check_exit "an emulator that is none" 125 "$CAPPROBE" replay reads.scn --emulator /bin/true

# The timing of this scenario never comes about.
printf 'start\nalign\npause 1100ms\nsame-second\nread\n' >late.scn
check_exit 'a round is untestable' 125 "$CAPPROBE" replay late.scn --libvirt refuse --history late.jsonl
check 'and is run three times' events \
    '[.[] | select(.type == "round" or .type == "untestable") | .round // .error] | length == 6 and .[0] == 1 and .[4] == 1 and
        .[5] == "late.scn:4:1: the second of '\''align'\'' is over: this host is too slow"' late.jsonl

# The truth cannot be learned again.
mkdir worn-out
cp "$FAULTS/libvirt-worn-out.so" worn-out/libvirt.so.0
printf 'start\nread\n' >once.scn
check_exit 'a scenario whose truths cannot be learned again' 125 "$CAPPROBE" bench --scenario once.scn --rounds 1 --libvirt worn-out --output worn-out.json --history worn-out.jsonl
check 'is not carried out to its end, and its round counts' jq -e '.scenarios[0] | .rounds == 1 and .reads.fresh == 1 and
    (.skipped | startswith("libvirt cannot be started here: refused by the test"))' worn-out.json
check_exit 'the history alone gives the same status' 125 "$CAPPROBE" judge worn-out.jsonl

check_exit 'a profile beside another scenario' 0 "$CAPPROBE" bench --scenario once.scn --rounds 1 --libvirt refuse --profile

# A run that is killed leaves its events.
killed() {
    local ours
    "$CAPPROBE" bench --scenario scenario.scn --rounds 100000 --libvirt refuse --history killed.jsonl >/dev/null 2>&1 &
    ours=$!
    until (($(grep -c '"type":"round-end"' killed.jsonl 2>/dev/null) + 0 > 1)); do
        kill -0 "$ours" || return
    done
    kill -KILL "$ours"
    wait "$ours"
    # The last line may be cut.
    sed '$d' killed.jsonl | events '.[0].type == "history" and any(.[]; .type == "round-end")' /dev/stdin
}
check 'a run that is killed leaves its history' killed

check 'a hang is reported as such' grep -q 'no answer within 1.00 s' hang.json
check 'a death is reported as such' grep -q 'the client died: Aborted' abort.json
check 'an answer that is not XML is reported as such' grep -q 'nonsense: not XML' garbage.json
check 'a client that closes its socket but does not end is reported as such' grep -q 'closed its socket, but did not end within 1.00 s' deaf.json
check "libvirt's own message is kept" grep -q 'refused by the test' refuse.json

done_testing
