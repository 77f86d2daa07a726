#!/usr/bin/env bash
# Several variants in one run: their rounds alternate, each is judged by its own truths, and one that cannot be run, or
# whose sandbox is killed, leaves the others alone. FAULTS names the folder with the faulty libvirts.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

mkfifo never
for fault in refuse garbage hang load-abort; do
    mkdir "$fault"
    cp "$FAULTS/libvirt-$fault.so" "$fault/libvirt.so.0"
done
mkdir empty
printf 'start\nread\n' >one.scn
printf 'start\nprime\nread\n' >two.scn

# FILTER FILE: all events of the history, as an array, pass the filter.
events() {
    jq -es "$1" "$2"
}

# refuse and garbage differ only in the second answer of a process, of which one.scn has none.
check_exit 'two variants that are fine' 0 "$CAPPROBE" bench --scenario one.scn --rounds 4 --libvirt refuse --libvirt garbage \
    --output fine.json --history fine.jsonl
check 'each has its name and its environment' events \
    '[.[] | select(.type == "variant")] | map(.variant) == ["refuse", "garbage"] and all(.[]; .environment.libvirt.version) and
        (.[0].environment.libvirt.library | endswith("/refuse/libvirt.so.0"))' fine.jsonl
check 'what differs is not in the environment of the run' events \
    '.[0].environment | has("kvm") and (has("libvirt") or has("emulator") or has("module_dir") | not)' fine.jsonl
check 'rounds alternate, every second pair in reverse' events \
    '[.[] | select(.type == "round")] | map(.round) == [1, 1, 2, 2, 3, 3, 4, 4] and (map(.variant) |
        .[0] != .[1] and .[2:4] == [.[1], .[0]] and .[4] != .[5] and .[6:8] == [.[5], .[4]])' fine.jsonl
check 'each has its truths, learned twice' events \
    '[.[] | select(.type == "truth") | [.variant, .pass]] | sort == [["garbage", 1], ["garbage", 2], ["refuse", 1], ["refuse", 2]]' fine.jsonl
check 'each has its row' jq -e \
    '.scenarios | map([.name, .variant, .rounds, .reads.fresh]) == [["one", "refuse", 4, 4], ["one", "garbage", 4, 4]]' fine.json
check 'the history alone gives the same result' eval '"$CAPPROBE" judge fine.jsonl --output again.json && cmp fine.json again.json'
check 'the table compares them' eval '"$CAPPROBE" show fine.json >table && grep -qE "^one +refuse +4 " table && grep -qE "^one +garbage +4 " table'
check_exit 'a step-by-step report goes variant by variant' 0 eval \
    '"$CAPPROBE" replay one.scn --rounds 2 --libvirt refuse --libvirt garbage --variant a --variant b >steps &&
        [[ $(grep -nE "^(a|b): one| round|^(a|b): 2 reads" steps | cut -d: -f2- | paste -sd" ") == "a: one (one.scn)  round 1  round 2 b: one (one.scn)  round 1  round 2 a: 2 reads: 2 fresh b: 2 reads: 2 fresh" ]]'

check_exit 'one of them is bad' 1 "$CAPPROBE" bench --scenario two.scn --rounds 2 --libvirt installed --libvirt garbage --output bad.json
check 'only that one' jq -e '.scenarios | map([.reads.fresh, .reads.torn + .reads.failed]) == [[4, 0], [2, 2]]' bad.json

# What cannot be run here. A variant is named after its libvirt's version, if that tells it from the others.
version=$(jq -r '.variants[0].environment.libvirt.version' fine.json)
check_exit 'a folder without libvirt, and one that cannot be loaded' 125 "$CAPPROBE" bench --scenario one.scn --rounds 2 \
    --libvirt empty --libvirt refuse --libvirt load-abort --output broken.json --history broken.jsonl
check 'their rows say why' jq -e --arg version "$version" \
    '.scenarios | map(.variant) == ["empty", $version, "load-abort"] and
        (.[0].skipped | contains("libvirt.so.0 is neither there")) and (.[2].skipped | contains("libvirt cannot be loaded")) and
        .[1].rounds == 2 and .[1].skipped == "" and .[1].reads.fresh == 2' broken.json
check_exit 'the history alone gives the same status' 125 "$CAPPROBE" judge broken.jsonl
check 'it can be shown' eval '"$CAPPROBE" show broken.json | grep -q "^empty: could not be examined"'
check 'a folder that does not exist is refused at once' refuses \
    "--libvirt nowhere: expected a folder that exists, or 'installed'" \
    "$CAPPROBE" bench --scenario one.scn --libvirt refuse --libvirt nowhere
check 'numbers that do not agree are refused' refuses \
    '--emulator was given 2 times and --libvirt 3 times' \
    "$CAPPROBE" bench --scenario one.scn --libvirt refuse --libvirt hang --libvirt garbage --emulator a --emulator b
check_exit 'if none can be run' 125 "$CAPPROBE" bench --scenario one.scn --libvirt empty --libvirt load-abort

# Waits for a moment; returns FALSE if $ours has ended.
still_runs() {
    read -rt 0.01 <>never || true
    kill -0 "$ours" 2>/dev/null
}

# ARGUMENT...: starts a bench, $ours, and waits until the variant `hang` hangs. $inits are its sandboxes, `hang` last.
start_hanging() {
    rm -f hanging.json hanging.jsonl
    "$CAPPROBE" bench --scenario two.scn --rounds 2 --libvirt installed --libvirt hang --deadline 3600s \
        --output hanging.json --history hanging.jsonl "$@" >hanging.txt 2>hanging.progress &
    ours=$!
    # The client hangs in its second answer; its first is in the history as soon as it was given.
    until events '[.[] | select(.type == "read" and .name == "prime" and .line == 2)] | length > 0' hanging.jsonl >/dev/null 2>&1 &&
        [[ $(jq -s '[.[] | select(.type == "round")] | last | .variant' hanging.jsonl) == '"hang"' ]] &&
        [[ $(tail -n 1 hanging.jsonl | jq .type) == '"read"' ]]; do
        still_runs || return
    done
    mapfile -t inits < <(pgrep -P "$ours")
    ((${#inits[@]} == 2))
}

cpu_time() {
    cut -d ' ' -f 14-17 "/proc/$1/stat"
}

# The idle sandbox waits for its turn; so does capprobe.
is_idle() {
    local before
    before=$(cpu_time "${inits[0]}" && cpu_time "$ours")
    read -rt 0.5 <>never || true
    [[ $before == "$(cpu_time "${inits[0]}" && cpu_time "$ours")" && -z $(pgrep -P "${inits[0]}") ]]
}

check 'a variant that hangs' start_hanging
check 'the other does nothing meanwhile' is_idle
kill -9 "${inits[1]}"
check_exit 'its sandbox is killed' 255 wait "$ours"
check 'the other goes on' jq -e \
    '.scenarios | map(.variant) == ["installed", "hang"] and .[0].rounds == 2 and .[1].rounds == 0 and .[1].skipped == "the sandbox was killed"' hanging.json
check 'the reason names the variant' jq -e '.error == "hang: the sandbox was killed"' hanging.json
check_exit 'the history alone gives the same status' 255 "$CAPPROBE" judge hanging.jsonl

gone() {
    local init tries
    for init in "${inits[@]}"; do
        for ((tries = 0; tries < 500 && $([[ -e /proc/$init ]]; echo $((1 - $?))); tries++)); do
            read -rt 0.01 <>never || true
        done
        [[ ! -e /proc/$init ]] || return
    done
}

check 'an interrupt while one hangs' start_hanging
kill -INT "$ours"
check_exit 'its status' 130 wait "$ours"
check 'no sandbox is left' gone
check 'kill -9 while one hangs' start_hanging
{ kill -9 "$ours"; wait "$ours"; } 2>/dev/null
check 'no sandbox is left' gone

# Real ones. The second has no modules, so that for it nothing changes; nor does it have TCG.
printf 'needs module hw-display-qxl\nstart\nprime\nremove hw-display-qxl\nread\n' >real.scn
if [[ $(command -v qemu-system-x86_64 qemu-system-x86_64-microvm | wc -l) == 2 && -r /dev/kvm && -w /dev/kvm ]]; then
    check_exit 'two emulators' 0 "$CAPPROBE" bench --scenario real.scn --rounds 1 \
        --emulator qemu-system-x86_64 --emulator qemu-system-x86_64-microvm --output real.json
    check 'each is right in its own way' jq -e \
        '.scenarios | map(.variant) == ["x86_64", "x86_64-microvm"] and all(.[]; .rounds == 1 and .reads.fresh == 2) and
            .[0].operations.changed == 1 and .[0].refreshes.needed == 2 and
            .[1].operations.unchanged == 1 and .[1].refreshes.spurious == 1' real.json
else
    skip 'two emulators' 'qemu-system-x86_64, qemu-system-x86_64-microvm or KVM is missing'
fi

done_testing
