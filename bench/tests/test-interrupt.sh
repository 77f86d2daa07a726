#!/usr/bin/env bash
# Signals end a run, but not before what was measured is saved.
# FAULTS names the folder with the faulty libvirts.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

mkfifo never full
mkdir fast hang
cp "$FAULTS/libvirt-refuse.so" fast/libvirt.so.0
cp "$FAULTS/libvirt-hang.so" hang/libvirt.so.0
printf 'start\nprime\n' >fast.scn
printf 'start\nprime\nread\n' >hang.scn

# Waits for a moment; returns FALSE if $ours has ended.
still_runs() {
    read -rt 0.01 <>never || true
    kill -0 "$ours" 2>/dev/null
}

# Starts a bench, $ours, and waits until its progress reaches the round with this number.
start_until_round() {
    local round=$1
    shift
    rm -f result.json history.jsonl progress
    "$@" --output result.json --history history.jsonl >table 2>progress &
    ours=$!
    until grep -q "^round $round of" progress 2>/dev/null; do
        still_runs || return
    done
}

# SIGNAL...: sends them without a pause when a tenth of the rounds is complete.
interrupted_by() {
    local signal
    start_until_round 12 "$CAPPROBE" bench --rounds 100 --scenario fast.scn --libvirt fast || return
    for signal; do
        kill "-$signal" "$ours"
    done
    wait "$ours"
    (($? == 130)) && jq -e '.error == "interrupted"' result.json && has_exit 130 "$CAPPROBE" judge history.jsonl
}

before_a_round() {
    start_until_round 1 "$CAPPROBE" bench --rounds 1 --scenario hang.scn --libvirt hang --deadline 3600s || return
    kill -INT "$ours"
    wait "$ours"
    (($? == 130)) && grep 'interrupted before a round was complete' table
}

without_a_terminal() {
    start_until_round 1 env --ignore-signal=HUP "$CAPPROBE" bench --rounds 20 --scenario fast.scn --libvirt fast || return
    kill -HUP "$ours"
    wait "$ours" && jq -e '.error == "" and .scenarios[0].rounds == 20' result.json
}

# Standard error is a pipe that is full, and that nobody reads. Each signal ends one write to it.
with_blocked_progress() {
    local tries
    exec {pipe}<>full
    timeout 1 dd if=/dev/zero bs=4096 status=none >&"$pipe"
    "$CAPPROBE" bench --rounds 10 --scenario hang.scn --libvirt hang --deadline 3600s --history history.jsonl >table 2>&"$pipe" &
    ours=$!
    for ((tries = 0; tries < 1000; tries++)); do
        [[ $(cat "/proc/$ours/wchan") != *pipe_write* ]] || break
        still_runs || return
    done
    for ((tries = 0; tries < 1000; tries++)); do
        kill -INT "$ours" 2>/dev/null
        still_runs || break
    done
    kill -9 "$ours" 2>/dev/null
    wait "$ours"
    (($? == 130))
}

check 'SIGINT' interrupted_by INT
check 'SIGINT twice' interrupted_by INT INT
check 'SIGINT and SIGHUP at once' interrupted_by INT HUP
check 'SIGTERM, SIGINT and SIGHUP at once' interrupted_by TERM INT HUP
check 'an interrupt before a round was complete is reported as such' before_a_round
check 'an ignored SIGHUP, as with nohup, stays ignored' without_a_terminal
check 'an interrupt while progress cannot be written' with_blocked_progress

done_testing
