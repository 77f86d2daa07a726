#!/usr/bin/env bash
# The doctor names what is missing, and the right way to fix it.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# STATUS TEXT FIX OPTION...: exits with the status, reports TEXT as lacking, and FIX below it.
diagnoses() {
    local wanted=$1 text=$2 fix=$3 status=0
    shift 3
    "$CAPPROBE" doctor "$@" >report || status=$?
    cat report
    ((status == wanted)) || { printf 'exit status %d, expected %d\n' "$status" "$wanted" && return 1; }
    grep -A1 "^LACKING .*$text" report | grep -q "^ *fix: $fix"
}

script() {
    printf '#!/bin/sh\n%s\n' "$2" >"$1"
    chmod +x "$1"
}

check_exit 'nothing is missing here' 0 "$CAPPROBE" doctor
check 'the version of QEMU is shown' grep -q '^ok .*: QEMU emulator version ' <("$CAPPROBE" doctor)
# A sanitizer would otherwise refuse to be loaded after another library.
export ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0"
if LD_PRELOAD=$FAULTS/perf-fault.so "$CAPPROBE" doctor | grep -q '^ok .*instructions can be counted$'; then
    check 'instructions can be counted if the kernel lets us' true
else
    skip 'instructions can be counted if the kernel lets us' "$("$CAPPROBE" doctor | grep 'instructions')"
fi
notes_why() {
    LD_PRELOAD=$FAULTS/perf-fault.so PERF_FAULT=1 "$CAPPROBE" doctor >report &&
        grep -A1 '^note .*instructions are not counted: the kernel does not allow it (kernel.perf_event_paranoid is .*)$' report |
        grep -q '^ *fix: sysctl kernel.perf_event_paranoid=2'
}
check 'that they cannot be counted is only a note' notes_why
check 'targets are listed' grep -qE '^ok +targets: embed' <("$CAPPROBE" doctor)
# A libvirt that can be loaded, but has no daemons.
mkdir bare
cp "$FAULTS/libvirt-refuse.so" bare/libvirt.so.0
lists_targets() {
    "$CAPPROBE" doctor --libvirt bare >report
    cat report
    grep -qE '^ok +targets: embed$' report && grep -q "^note .*--target virtproxyd.*scripts/build-libvirt daemons" report
}
if ((EUID == 0)); then
    check 'and how to get the others' lists_targets
else
    skip 'and how to get the others' 'not root'
fi

give_libvirt='give --libvirt the build folder of a libvirt'
check 'a libvirt folder that does not exist' diagnoses 125 '/nonexistent' "$give_libvirt" --libvirt /nonexistent
mkdir empty broken
check 'a folder without a libvirt' diagnoses 125 'empty' "$give_libvirt" --libvirt empty
: >broken/libvirt.so.0
check 'a libvirt that cannot be loaded' diagnoses 125 'libvirt cannot be loaded' "$give_libvirt" --libvirt broken

give_emulator='give --emulator the path of a QEMU'
check 'an emulator that does not exist' diagnoses 125 '/nonexistent' "$give_emulator" --emulator /nonexistent
check 'an emulator that is not QEMU' diagnoses 125 "is not QEMU: --version printed 'true" "$give_emulator" --emulator /bin/true
script silent 'exit 0'
check 'an emulator that prints nothing' diagnoses 125 'silent is not QEMU: --version printed nothing' "$give_emulator" --emulator "$scratch/silent"
script marker "touch $scratch/executed; echo QEMU emulator version 0"
check_exit 'an emulator that writes to the host' 0 "$CAPPROBE" doctor --emulator "$scratch/marker"
check 'is executed in the sandbox only' test ! -e executed

done_testing
