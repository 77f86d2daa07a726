#!/usr/bin/env bash
# What single operations do, and what happens if they cannot be carried out, on the real libvirt and QEMU.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/together.sh
source "${0%/*}/together.sh"
cd "$scratch" || exit 99

# NAME STEP...: replays the steps, without KVM, which takes half the time, and without learning truths again, which takes a
# third of it. Leaves NAME.jsonl, the history.
replay() {
    local name=$1
    shift
    printf '%s\n' "$@" >"$name.scn"
    "$CAPPROBE" replay "$name.scn" --kvm absent --confirm no --history "$name.jsonl"
}

# NAME REASON STEP...: the runner leaves the scenario out for this reason, so it could not be tested; else all goes well.
left_out() {
    local name=$1 reason=$2
    shift 2
    has_exit 125 replay "$name" "$@" && jq -se --arg reason "$reason" '(.[] | select(.type == "skip").error == $reason) and .[-1].status == 0' "$name.jsonl"
}

printf 'not a cache file' >content
check 'fill-cache on a read-only cache cannot be tested' left_out fill-readonly \
    "fill-readonly.scn:3:1: 'fill-cache': /run/capprobe/root/cache/filler: Read-only file system" start readonly-cache fill-cache read
check 'a second fill-cache cannot be tested' left_out fill-twice "fill-twice.scn:3:1: 'fill-cache': the file system of the cache is full already" \
    start fill-cache fill-cache read
check_exit 'add without a directory cannot be tested' 125 replay add-nowhere 'rename-dir' 'add hw-display-qxl' start read
check 'write-cache on a read-only cache is left out' bash -c '
    . /dev/stdin && [[ $reason == "write-readonly.scn:4:1: "*"Read-only file system" ]]' < <(
    replay write-readonly start prime readonly-cache 'write-cache content' read >/dev/null 2>&1
    jq -r 'select(.type == "skip") | "reason=\(.error | @sh)"' write-readonly.jsonl
)

refuses_edit() {
    local name=$1 xpath=$2 reason=$3
    check_exit "edit-cache: $name is refused" 254 replay "edit-$name" start prime "edit-cache delete $xpath" read
    check "edit-cache: $name is named" jq -se --arg reason "edit-$name.scn:3:1: 'edit-cache': '$xpath' finds $reason, expected elements, attributes or text" \
        '.[-1].error == $reason' "edit-$name.jsonl"
}
refuses_edit document / 'the whole document'
refuses_edit document-as-parent '//*/..' 'the whole document'
refuses_edit namespace '//namespace::*' 'a namespace'
together 'edit-cache deletes nodes within nodes' edit-nested start prime 'edit-cache delete //flag|//qemuCaps|//@*' restart read 'expect answer'
together 'edit-cache sets nodes within nodes' edit-set start prime 'edit-cache set //*|//@* x' restart read 'expect answer'

for clock in step kernel; do
    together "clock $clock: a directory that goes and comes back is the same" \
        "back-$clock" "clock $clock" start prime rename-dir restore-dir read 'expect probes 0'
done
together 'touch-emulator under one clock and then the other' \
    clocks start prime touch-emulator 'clock kernel' align touch-emulator read 'expect probes 1' 'clock step' touch-emulator read 'expect probes 1'
together 'touch-emulator twice is not touch-emulator never' \
    touch-twice start prime touch-emulator read 'expect probes 1' touch-emulator touch-emulator read 'expect probes 1' \
    touch-emulator touch-emulator touch-emulator read 'expect probes 1'

head -c 1000000 /dev/zero >long
for away in '' rename-dir symlink-dir; do
    name=restore${away:+-after-$away}
    # shellcheck disable=SC2086  # no step if empty
    together "$name: the directory is used" "$name" 'needs module hw-usb-host' start prime 'replace hw-display-qxl long' 'chmod hw-usb-host 600' \
        'truncate hw-usb-redirect' 'corrupt hw-display-virtio-gpu' 'remove hw-display-virtio-vga' $away restore-dir read 'expect has modelType qxl'
done

check_exit 'expect: an element that there is not is a mistake' 254 replay typo start read 'expect lacks video/modeltype qxl'
check 'expect: the mistake has its place' grep -Fqx "the scenario is wrong: typo.scn:3:14: no answer has an element 'video/modeltype', expected one of: video/modelType" \
    <(replay typo start read 'expect lacks video/modeltype qxl' 2>/dev/null)
check 'expect: values are shown' grep -qx ' *video/modelType: .*, vga, .*' <(replay seen start read 'expect has video/modelType none-such' 2>/dev/null)
check_exit 'expect: a read that is right is not a reproduction' 0 replay absent start read 'expect verdict stale'
together 'expect: what is on disk is right' disk start read 'expect cache fresh' 'expect refresh needed' read 'expect refresh none'

check 'steps that wait, and the start, have their times' bash -c '
    . /dev/stdin && [[ $steps == "start align pause pause" && $late == true ]]' < <(
    replay times start align 'pause 1ms' 'read {' 'pause 10ms' '}' >/dev/null 2>&1
    jq -rs '[.[] | select(.type == "operation")] | "steps=\(map(.name) | join(" ") | @sh) late=\(.[3].end_ns - .[3].begin_ns >= 10000000)"' times.jsonl
)

module=hw-display-qxl
check 'when-opened: what the runner opens does not count' bash -c '
    . /dev/stdin && [[ $reason == "opened-by-us.scn:5:1: no emulator opened hw-display-qxl during the read" ]]' < <(
    replay opened-by-us start prime 'read {' "overwrite $module" "when-opened $module" '}' >/dev/null 2>&1
    jq -r 'select(.type == "skip") | "reason=\(.error | @sh)"' opened-by-us.jsonl
)
together 'when-opened: in a directory that was swapped in' opened-swapped start 'read {' swap-dir "when-opened $module" '}'
together 'when-opened: before a pause that outlasts the read' opened-before start 'read {' 'pause 3s' "when-opened $module" '}'
together 'when-opened: two modules' opened-two start 'read {' "when-opened $module" 'when-opened hw-usb-host' '}'
together 'when-opened: the same two in the other order' opened-other start 'read {' 'when-opened hw-usb-host' "when-opened $module" '}'

carry_out_together --seed 1
for name in restore restore-after-rename-dir restore-after-symlink-dir; do
    check_events "$name: the directory is what it was" "$name" '.[0].state as $first | [.[] | select(.name == "restore-dir").state == $first] | . != [] and all'
done

# NAME STEP...: the steps are carried out with KVM, and nothing is wrong; twice, so that the second round shows what the reset undoes.
carried_out_twice() {
    local name=$1
    shift
    printf '%s\n' "$@" >"$name.scn"
    "$CAPPROBE" bench --scenario "$name.scn" --rounds 2 --confirm no --history "$name.jsonl" &&
        jq -se 'all(.type != "skip") and ([.[] | select(.type == "round").state] | length == 2 and .[0] == .[1])' "$name.jsonl"
}
check 'age-dir: libvirt refreshes once' carried_out_twice age-dir 'kvm off' start prime 'age-dir 3600s' read 'expect probes 1' read 'expect probes 0'
check 'age-dir: the next change has a new time' carried_out_twice age-change 'kvm off' start prime 'age-dir 3600s' touch-dir read 'expect probes 1'
check_exit 'age-dir without a directory cannot be tested' 125 replay age-nowhere start rename-dir 'age-dir 3600s' read
check 'touch-libvirt: a restart refreshes, each time' carried_out_twice touch-libvirt 'kvm off' start prime touch-libvirt restart read 'expect probes 1' \
    touch-libvirt restart read 'expect probes 1' restart read 'expect probes 0'
check 'cpuinfo: an unknown field cannot be tested' left_out cpuinfo-unknown "cpuinfo-unknown.scn:2:1: 'cpuinfo': /proc/cpuinfo has no field 'unknown'" start 'cpuinfo unknown 1' read
check_exit 'replace-emulator: a missing file cannot be tested' 125 replay emulator-missing start 'replace-emulator missing' read
check_exit 'needs emulator: a missing one' 125 replay needs-missing 'needs emulator missing' start read
other_kernel() {
    replay kernel start prime 'kernel 2.6' restart read 'kernel own' restart read && jq -se '
        [.[] | select(.type == "operation" and .name == "kernel").state] as [$old, $own] |
        $own == (.[] | select(.type == "round").state) and $old != $own' kernel.jsonl
}
check 'kernel: own is the state of the start' other_kernel
if "$CAPPROBE" doctor 2>/dev/null | grep -qi 'kvm.*usable'; then
    # An operation that the reset did not undo would change what the second round's first refresh caches.
    check 'replace-emulator: is undone' carried_out_twice emulator-other 'needs emulator qemu-system-x86_64-microvm' start prime \
        'replace-emulator qemu-system-x86_64-microvm' read 'expect answer' touch-emulator read 'expect answer'
    check 'cpuinfo: two fields' carried_out_twice cpuinfo start prime 'cpuinfo microcode 0xfffe' 'cpuinfo stepping 14' restart read 'expect probes 2' restart read 'expect probes 0'
    check 'kvm-parameter: libvirt refreshes for each change' carried_out_twice kvm-parameter start prime 'kvm-parameter nested on' read 'expect probes 2' \
        'kvm-parameter sev on' read 'expect probes 2' read 'expect probes 0'
    check 'kernel: libvirt refreshes after a restart' carried_out_twice kernel-old start prime 'kernel 2.6' restart read 'expect probes 2' restart read 'expect probes 0'
else
    skip 'facts of KVM' 'KVM is not usable here'
fi

# A host that has its modules elsewhere. $change arranges them, in mounts of its own.
printf '%s\n' start read 'expect has modelType qxl' 'remove hw-display-qxl' read 'expect lacks modelType qxl' 'add hw-display-qxl' read 'expect has modelType qxl' >linked.scn
mkdir overlay
on_host_with() {
    change=$1 unshare -m bash -euc '
        mount -t tmpfs capprobe-test overlay
        mkdir overlay/upper overlay/work
        mount -t overlay -o lowerdir=/usr/lib,upperdir=overlay/upper,workdir=overlay/work capprobe-test /usr/lib
        cd "$moddir"
        eval "$change"
        cd "$OLDPWD"
        shift
        "$@"' sh "$@"
}
moddir=$("$CAPPROBE" doctor 2>/dev/null | grep -o '/[^ ]*/qemu$' | head -n 1)
export moddir
if [[ $moddir == /usr/lib/* ]] && on_host_with true true 2>/dev/null; then
    check_exit 'a module that is a link out of the directory' 0 on_host_with \
        'mkdir ../qemu-extra && mv hw-display-qxl.so ../qemu-extra && ln -s ../qemu-extra/hw-display-qxl.so .' "$CAPPROBE" replay linked.scn --kvm absent --confirm no
    check_exit 'a module directory that is a link' 0 on_host_with \
        'cp -r . /usr/lib/qemu-elsewhere && rm -r "$moddir" && ln -s "$(realpath --relative-to="$(dirname "$moddir")" /usr/lib/qemu-elsewhere)" "$moddir"' \
        "$CAPPROBE" replay linked.scn --kvm absent --confirm no
else
    skip 'modules elsewhere' 'this user cannot mount an overlay here, or the modules are not below /usr/lib'
fi

done_testing
