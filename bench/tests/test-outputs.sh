#!/usr/bin/env bash
# Results and histories survive whatever ends a run: an interruption, a full disk, a pipe that closes.
# FAULTS names the folder with the faulty libvirts.
# shellcheck disable=SC2016  # the commands are for jq, or for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

mkdir fast slow
cp "$FAULTS/libvirt-refuse.so" fast/libvirt.so.0
cp "$FAULTS/libvirt-hang.so" slow/libvirt.so.0
printf 'start\nprime\nread\n' >one.scn
mkfifo pipe never

fast_bench=("$CAPPROBE" bench --scenario one.scn --rounds 2 --libvirt fast)

# Runs a command whose standard output is a pipe that nobody reads.
to_broken_pipe() (
    # shellcheck disable=SC2094  # opened for reading so that opening it for writing does not wait
    exec 3<>pipe 4>pipe 3>&-
    "$@" >&4
)

check_exit 'seed 0' 1 "${fast_bench[@]}" --seed 0 --output result.json --history history.jsonl
check 'seed 0 is a seed like others' jq -e '.seed == 0 and .scenarios[0].rounds == 2' result.json
check_exit 'no seed' 1 "${fast_bench[@]}" --output random.json
check 'a random seed is recorded' jq -e '.seed > 0' random.json

# Interrupts a run that waits in its first round: the second answer of this libvirt never comes.
interrupt() {
    local ours
    setsid "$CAPPROBE" bench --scenario one.scn --libvirt slow --deadline 600s --output result.json --history history.jsonl >table 2>progress &
    ours=$!
    until grep -q '^round 1' progress || ! kill -0 "$ours"; do
        read -rt 0.01 <>never || true
    done
    kill -INT -- "-$ours"
    wait "$ours"
}
cp result.json earlier.json
cp history.jsonl earlier.jsonl
check_exit 'a run is interrupted before its first complete round' 130 interrupt
check 'the earlier result stays' cmp result.json earlier.json
check 'the earlier history stays' cmp history.jsonl earlier.jsonl
check 'a line says so of the result' grep -qxF 'capprobe: interrupted before the first complete round; result.json is left as it was' progress
check 'a line says so of the history' grep -qxF 'capprobe: interrupted before the first complete round; history.jsonl is left as it was' progress

# A table that is larger than a buffer, so that it is not printed at the end only.
many=()
for ((i = 0; i < 40; i++)); do
    cp one.scn "a-scenario-with-a-long-name-$i.scn"
    many+=(--scenario "a-scenario-with-a-long-name-$i.scn")
done
check_exit 'a pipe that closes ends bench' 141 to_broken_pipe "$CAPPROBE" bench --rounds 1 --libvirt fast "${many[@]}" --output piped.json --history piped.jsonl
check 'but the result is written' jq -e '.scenarios | length == 40' piped.json
check_exit 'and the history' 1 "$CAPPROBE" judge piped.jsonl

# Writes the history to a file system of 4 kB, and the table to a file.
without_history() {
    mkdir small
    unshare -m bash -c 'mount -t tmpfs -o size=4k capprobe small && exec "$@" --history small/history.jsonl' bash \
        "$CAPPROBE" bench --rounds 2 --libvirt fast --scenario long.scn --output kept.json >table 2>errors
}
if ((EUID == 0)); then
    { printf '#' && head -c 10000 /dev/zero | tr '\0' x && printf '\n' && cat one.scn; } >long.scn
    check_exit 'a history that cannot be written' 255 without_history
    check 'is named' grep -q '^capprobe: small/history.jsonl: could not be written' errors
    check 'costs neither the result' jq -e '.scenarios[0].rounds == 2' kept.json
    check 'nor the table' grep -q '^long ' table
else
    skip 'a history that cannot be written' 'needs root, to mount a full file system'
fi

# The same if temporary files find no space either, and if no history is wanted.
without_space() {
    rm -f kept.json small/history.jsonl
    unshare -m bash -c 'mount -t tmpfs -o size=4k capprobe small && TMPDIR=$PWD/small exec "$@"' bash \
        "$CAPPROBE" bench --rounds 2 --libvirt fast --scenario long.scn --output kept.json "$@" >table 2>errors
}
if ((EUID == 0)); then
    check_exit 'neither the history nor a temporary file can be written' 255 without_space --history small/history.jsonl
    check 'only the history is named' test "$(grep -c '^capprobe: ' errors)" = 1
    check 'the result is whole' jq -e '.scenarios[0].rounds == 2 and .error == ""' kept.json
    check_exit 'no temporary file can be written' 1 without_space
    check 'the result is whole as well' jq -e '.scenarios[0].rounds == 2 and .error == ""' kept.json
    check_exit 'the history goes to a device, and no temporary file can be written' 1 without_space --history /dev/null
else
    skip 'no space at all' 'needs root, to mount a full file system'
fi

full() {
    "$@" >/dev/full 2>errors
}
check_exit 'bench: standard output is full' 255 full "${fast_bench[@]}" --output full.json
check 'bench says so' grep -q '^capprobe: standard output: could not be written' errors
check 'bench: the result is written' jq -e '.scenarios[0].rounds == 2' full.json
check_exit 'replay: standard output is full' 255 full "$CAPPROBE" replay one.scn --libvirt fast
check 'replay says so' grep -q '^capprobe: standard output: could not be written' errors

check '--output - prints the result alone' bash -c '"$@" --output - 2>/dev/null | jq -es "length == 1 and .[0].scenarios[0].rounds == 2"' bash "${fast_bench[@]}"
check 'descriptors that are closed are no hindrance' bash -c '"$@" --output closed.json <&- >&- 2>&-; jq -e ".scenarios[0].rounds == 2" closed.json' bash "${fast_bench[@]}"

done_testing
