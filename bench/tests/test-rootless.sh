#!/usr/bin/env bash
# Runs by an ordinary user, and runs on a host that lacks something: namespaces, QEMU, libvirt, permission to read a module.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# The build folder may be closed to other users, so they get copies of the programs.
chmod 755 "$scratch"
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
cp "$CORPUS"/scenarios/remove-add.scn "$CORPUS"/bugs/*/repro.scn . 2>/dev/null
cp "$CORPUS"/bugs/directory-vanished/repro.scn directory-vanished.scn
cp "$CORPUS"/bugs/kvm-permission/repro.scn kvm-permission.scn
mkdir empty
program=$scratch/capprobe

rootless=()
((EUID != 0)) || rootless=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# NAME STATUS COMMAND...: a check that takes a user namespace. In a chroot, for example, there can be none.
check_rootless() {
    if "${rootless[@]}" unshare -U true 2>/dev/null; then
        check_exit "$1" "$2" "${rootless[@]}" "${@:3}"
    else
        skip "$1" 'no user namespaces are allowed here'
    fi
}

# Without KVM a probe takes half the time, and what is right need not be learned twice here.
cheap=(--kvm absent --confirm no)
check_rootless 'remove-add' 0 "$program" replay remove-add.scn "${cheap[@]}"
check_rootless 'the module directory itself can be renamed' 1 "$program" replay directory-vanished.scn "${cheap[@]}"
if command -v libvirtd >/dev/null; then
    check_rootless 'the daemon of an ordinary user' 0 "$program" replay remove-add.scn "${cheap[@]}" --target session
    check_exit 'a daemon that needs root' 125 "${rootless[@]}" "$program" replay remove-add.scn --target libvirtd
else
    skip 'the daemon of an ordinary user' 'libvirtd is missing'
fi
printf '%s\n' 'needs module hw-display-qxl' start prime 'chmod hw-display-qxl 000' read >chmod.scn
# STATUS WHO COMMAND...: the command has this exit status, and says that the outcome depends on who runs it, and who did.
says_who() {
    local wanted=$1 who=$2 status=0
    shift 2
    "$@" >who.txt || status=$?
    cat who.txt
    ((status == wanted)) && grep -F "chmod, line 4: the outcome depends on who runs capprobe: this was run as $who" who.txt
}
chmod 777 .
for verb in "replay chmod.scn" "bench --scenario chmod.scn --rounds 1"; do
    read -ra words <<<"$verb"
    check_rootless "a module that its owner cannot read: stale, which depends on who runs it, says ${words[0]}" 0 \
        bash -c "$(declare -f says_who)"' && says_who 1 "$@"' sh 'an ordinary user' "$program" "${words[@]}" "${cheap[@]}"
done
rm -f who.txt
if ((EUID == 0)); then
    check 'for root nothing changes, which depends on who runs it, too' says_who 0 root "$program" replay chmod.scn "${cheap[@]}"
else
    skip 'for root nothing changes' 'this is not root'
fi
check_exit 'what needs root is not testable' 125 "${rootless[@]}" "$program" replay kvm-permission.scn
check_rootless 'no namespaces' 125 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"' sh "$program" replay remove-add.scn
check_rootless 'no namespaces, says the doctor' 125 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"' sh "$program" doctor
# A host with a module that only root can read. It takes root to arrange that, in mounts of its own.
mkdir overlay
printf '%s\n' start read 'expect lacks modelType qxl' 'remove hw-usb-host' read 'add hw-usb-host' read swap-dir read restore-dir read >beside-secret.scn
printf '%s\n' 'remove hw-display-qxl' start read >secret.scn
with_secret_module() {
    unshare -m bash -euc '
        mount -t tmpfs -o mode=755 capprobe-test overlay
        mkdir overlay/upper overlay/work
        mount -t overlay -o "lowerdir=$moddir,upperdir=overlay/upper,workdir=overlay/work" capprobe-test "$moddir"
        chmod 600 "$moddir/hw-display-qxl.so"
        "$@"' sh "$@"
}
names_secret_module() {
    { with_secret_module "${rootless[@]}" "$program" replay secret.scn "${cheap[@]}" || true; } | grep -F "secret.scn:1:1: 'remove': $moddir/hw-display-qxl.so: this user cannot read it"
}
moddir=$("$program" doctor 2>/dev/null | grep -o '/[^ ]*/qemu$' | head -n 1)
export moddir
if ((EUID == 0)) && with_secret_module "${rootless[@]}" unshare -U true 2>/dev/null; then
    check_exit 'a module that only root can read' 0 with_secret_module "${rootless[@]}" "$program" replay beside-secret.scn "${cheap[@]}"
    check_exit 'it cannot be changed' 125 with_secret_module "${rootless[@]}" "$program" replay secret.scn "${cheap[@]}"
    check 'which the reason says' names_secret_module
else
    skip 'a module that only root can read' 'it takes root to arrange that, and user namespaces'
fi

check_exit 'no emulator' 125 "$program" replay remove-add.scn --emulator "$scratch/empty/qemu"
check_exit 'no emulator, says the doctor' 125 "$program" doctor --emulator "$scratch/empty/qemu"
check_exit 'no libvirt in the folder' 125 "$program" replay remove-add.scn --libvirt empty
: >empty/libvirt.so.0
check_exit 'a libvirt that cannot be loaded' 125 "$program" replay remove-add.scn --libvirt empty
check_exit 'the doctor finds all in place here' 0 "$program" doctor

done_testing
