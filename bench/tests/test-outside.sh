#!/usr/bin/env bash
# Nothing of what is tested runs outside the sandbox, and nothing of it is waited for without end: an emulator that is
# asked for its version, and a libvirt that is loaded. FAULTS names the folder with the faulty libvirts.
# shellcheck disable=SC2016  # the commands are for eval
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

script() {
    printf '#!/bin/sh\n%s\n' "$2" >"$1"
    chmod +x "$1"
}

# STATUS COMMAND...: as has_exit, but a command that does not end is killed, and its output is kept in `output`.
ends_with() {
    local wanted=$1 status=0
    shift
    timeout -s KILL 120 "$@" >output 2>&1 || status=$?
    cat output
    ((status == wanted)) || { printf 'exit status %d, expected %d\n' "$status" "$wanted" && return 1; }
}

for fault in refuse load-hang load-abort load-print load-write; do
    mkdir "$fault"
    cp "$FAULTS/libvirt-$fault.so" "$fault/libvirt.so.0"
done
printf 'start\nread\n' >one.scn

# --- emulators; the libvirt here does not wait for them, and the driver beside it only names a module directory ---

ln -s "$("$CAPPROBE" doctor | sed -n 's|^ok *\(/.*/libvirt_driver_qemu.so\)$|\1|p')" refuse

with_emulator=("$CAPPROBE" replay one.scn --libvirt refuse --deadline 1s --emulator)

# NAME VERSION: a run with that emulator comes to its end, and the history has the version.
is_survived() {
    local name=$1 version=$2
    ends_with 0 "${with_emulator[@]}" "$scratch/$name" --history "$name.jsonl" &&
        head -n 1 "$name.jsonl" | jq -e --arg version "$version" '.environment.emulator.version == $version'
}
script hangs 'exec sleep 1000'
script forks 'sleep 1000 & sleep 1000 & echo forked; exec sleep 1000'
script prints 'exec tr "\0" x </dev/zero'
script complains 'exec tr "\0" x </dev/zero >&2'
script silent 'exit 3'
script twice 'printf "one\ntwo\n"'
script binary 'printf "a\377b\n"'
script writes "echo written >'$scratch/written'; echo wrote"
cp /dev/null nothing
chmod +x nothing
check 'an emulator that hangs has no version' is_survived hangs ''
check 'an emulator that leaves processes behind' is_survived forks forked
check 'an emulator that prints without end' is_survived prints ''
check 'an emulator that complains without end' is_survived complains ''
check 'an emulator that prints nothing' is_survived silent ''
check 'an emulator that prints two lines' is_survived twice one
check 'an emulator that prints what is not UTF-8' is_survived binary $'a\uFFFDb'
check 'an emulator that is an empty file' is_survived nothing ''
check 'an emulator that writes a file' is_survived writes wrote
check 'which is not on the host' test ! -e written
check 'the doctor says that it hangs' eval \
    'ends_with 125 "$CAPPROBE" doctor --emulator "$scratch/hangs"; grep "hangs is not QEMU: --version did not answer within 10.0 s" output'
check 'the doctor says that it prints without end' eval \
    'ends_with 125 "$CAPPROBE" doctor --emulator "$scratch/prints"; grep "prints is not QEMU: --version printed a line of more than 1000 bytes" output'

# --- libvirts that misbehave when they are loaded ---

# FAULT REASON: a run says that it cannot load that libvirt.
is_refused() {
    ends_with 125 "$CAPPROBE" replay one.scn --libvirt "$1" --deadline 1s &&
        grep -F "libvirt cannot be loaded: capprobe-client $2" output && (($(wc -l <output) == 1))
}
check 'a libvirt that hangs' is_refused load-hang 'did not answer within 1.00 s'
check 'a libvirt that aborts' is_refused load-abort 'died: Aborted'
check 'a libvirt that prints without end' is_refused load-print 'printed a line of more than 1000 bytes'
check 'the sandbox command has the deadline as well' eval \
    'ends_with 125 "$CAPPROBE" sandbox --libvirt load-hang --deadline 1s -- true; grep "did not answer within 1.00 s" output'
check 'a libvirt that writes a file is tested' ends_with 0 "$CAPPROBE" replay one.scn --libvirt load-write
check 'the file is not on the host' test ! -e load-write/written

done_testing
