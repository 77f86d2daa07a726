#!/usr/bin/env bash
# Records seeds: the cache files that the libvirt of this host writes for qemu-system-x86_64, once with KVM and once
# without. Must be run as root; everything happens in a private namespace. Stamps and the kernel's version are made
# neutral, so that a seed says nothing about the host but its CPU.
set -euo pipefail
mkdir -p "$(dirname "$0")/../corpus/seeds/caps-load"
seeds=$(realpath "$(dirname "$0")/../corpus/seeds/caps-load")

probe() {
    mount -t tmpfs none /run
    if [[ $1 == tcg ]]; then
        mkdir /run/dev
        touch /run/dev/{null,zero,urandom,random}
        for node in /run/dev/*; do
            mount --bind "/dev/${node##*/}" "$node"
        done
        mount --rbind /run/dev /dev
    fi
    mkdir -p /run/root/etc
    printf '%s = "%s"\n' security_driver none stdio_handler file user root group root >/run/root/etc/qemu.conf
    virsh -q -c 'qemu:///embed?root=/run/root' domcapabilities >/run/answer 2>/run/errors || {
        cat /run/errors >&2
        exit 125
    }
    sed -E -e 's|<(qemuctime\|qemumoddirmtime\|selfctime)>[0-9]+<|<\1>1700000000<|' \
        -e 's|<kernelVersion>.*</kernelVersion>|<kernelVersion>6.1.0 #1 SMP</kernelVersion>|' \
        /run/root/cache/qemu/capabilities/*.xml >"$2"
}

if [[ ${1-} == --inside ]]; then
    probe "$2" "$3"
    exit
fi
((EUID == 0)) || {
    echo "record-seeds.sh: mount namespaces are needed: run it as root" >&2
    exit 125
}

for accelerator in kvm tcg; do
    [[ $accelerator != kvm || -e /dev/kvm ]] || continue
    unshare -m -p -f --mount-proc --kill-child "$0" --inside "$accelerator" "$seeds/recorded-x86_64-$accelerator.xml"
    echo "$seeds/recorded-x86_64-$accelerator.xml"
done
