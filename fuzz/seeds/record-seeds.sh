#!/usr/bin/env bash
# Records seeds: the cache files that the libvirt of this host writes for every qemu-system-* that its distribution has,
# without KVM, and for those of x86_64 with KVM. Must be run as root; everything happens in private namespaces.
# Stamps and the kernel's version are made neutral, so that a seed says nothing about the host but its CPU.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/common.sh
. scripts/common.sh
seeds=$PWD/corpus/seeds/caps-load

# Writes to OUTPUT what libvirt saves for EMULATOR; where it saves nothing, says why.
probe() {
    local accelerator=$1 emulator=$2 output=$3 saved
    mount -t tmpfs none /run
    if [[ $accelerator == tcg ]]; then
        mkdir /run/dev
        touch /run/dev/{null,zero,urandom,random}
        for node in /run/dev/*; do
            mount --bind "/dev/${node##*/}" "$node"
        done
        mount --rbind /run/dev /dev
    fi
    mkdir -p /run/root/etc
    printf '%s = "%s"\n' security_driver none stdio_handler file user root group root >/run/root/etc/qemu.conf
    # For a foreign emulator the question, which is about the host's architecture, is refused: after the probe.
    LIBVIRT_LOG_OUTPUTS=3:file:/run/log virsh -q -c 'qemu:///embed?root=/run/root' domcapabilities \
        --emulatorbin "$emulator" >/run/answer 2>/run/errors || true
    saved=$(compgen -G '/run/root/cache/qemu/capabilities/*.xml') ||
        die "$(sed 's/.*Failed to probe/failed to probe/;t;d' /run/log | cat - /run/errors | head -n 1)"
    sed -E -e 's|<(qemuctime\|qemumoddirmtime\|selfctime)>[0-9]+<|<\1>1700000000<|' \
        -e 's|<kernelVersion>.*</kernelVersion>|<kernelVersion>6.1.0 #1 SMP</kernelVersion>|' "$saved" >"$output"
}

if [[ ${1-} == --inside ]]; then
    probe "${@:2}"
    exit
fi
((EUID == 0)) || die "mount namespaces are needed: run it as root"
packages_need seeds
mkdir -p "$seeds"

record() {
    local output=$seeds/recorded-${2##*/qemu-system-}-$1.xml
    if unshare -m -p -f --mount-proc --kill-child fuzz/seeds/record-seeds.sh --inside "$1" "$2" "$output.new"; then
        mv "$output.new" "$output"
        printf '%s\n' "$output"
    fi
    rm -f "$output.new"
}

if [[ -e /dev/kvm ]]; then
    record kvm /usr/bin/qemu-system-x86_64
    record kvm /usr/bin/qemu-system-x86_64-microvm # which has nothing but KVM
fi
for emulator in /usr/bin/qemu-system-*; do
    # Some are but another name of one.
    [[ -L $emulator ]] || record tcg "$emulator"
done
