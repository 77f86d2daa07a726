#!/usr/bin/env bash
# Events are not kept in memory: these would take more than twice as much as there is. Not for builds with sanitizers, which need
# that much themselves. FAULTS names the folder with the faulty libvirts.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

with_little_memory() (
    ulimit -d 20000
    "$CAPPROBE" "$@"
)
if ! with_little_memory --version >/dev/null; then
    skip 'little memory' 'this build needs much itself'
    done_testing
    exit
fi
mkdir well
cp "$FAULTS/libvirt-worn-out.so" well/libvirt.so.0
{
    printf 'start\nrepeat 1500 {\nprime\n'
    printf 'expect has arch x86_64\n%.0s' {1..50}
    printf '}\n'
} >many.scn
check_exit 'bench needs no memory for events' 0 with_little_memory bench --confirm no --scenario many.scn --rounds 1 --libvirt well --history many.jsonl
check 'there were many' test "$(wc -l <many.jsonl)" -gt 75000
check_exit 'nor without --history' 0 with_little_memory bench --confirm no --scenario many.scn --rounds 1 --libvirt well

done_testing
