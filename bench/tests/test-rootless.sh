#!/usr/bin/env bash
# Without root, without namespaces, without QEMU, without libvirt.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# Somebody who is not root can get at a copy, wherever the build is.
chmod 755 "$scratch"
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
cp "$CORPUS"/scenarios/remove-add.scn "$CORPUS"/bugs/*/repro.scn . 2>/dev/null
cp "$CORPUS"/bugs/directory-vanished/repro.scn directory-vanished.scn
cp "$CORPUS"/bugs/kvm-permission/repro.scn kvm-permission.scn
mkdir empty
program=$scratch/capprobe

rootless=()
((EUID != 0)) || rootless=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# Checks that take a user namespace; a chroot, for one, is not allowed any.
check_rootless() {
    if "${rootless[@]}" unshare -U true 2>/dev/null; then
        check_exit "$1" "$2" "${rootless[@]}" "${@:3}"
    else
        skip "$1" 'no user namespaces are allowed here'
    fi
}

check_rootless 'remove-add' 0 "$program" replay remove-add.scn
check_rootless 'the module directory itself can be renamed' 1 "$program" replay directory-vanished.scn
check_exit 'what needs root is not testable' 125 "${rootless[@]}" "$program" replay kvm-permission.scn
check_rootless 'no namespaces' 125 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"' sh "$program" replay remove-add.scn
check_rootless 'no namespaces, says the doctor' 125 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"' sh "$program" doctor
check_exit 'no emulator' 125 "$program" replay remove-add.scn --emulator "$scratch/empty/qemu"
check_exit 'no emulator, says the doctor' 125 "$program" doctor --emulator "$scratch/empty/qemu"
check_exit 'no libvirt in the folder' 125 "$program" replay remove-add.scn --libvirt empty
: >empty/libvirt.so.0
check_exit 'a libvirt that cannot be loaded' 125 "$program" replay remove-add.scn --libvirt empty
check_exit 'the doctor finds all in place here' 0 "$program" doctor

done_testing
