#!/usr/bin/env bash
# Records seeds of caps-load: the cache documents that the libvirt of this host writes about some of its emulators, without
# KVM, and with it for those of x86_64. Each is recorded in the sandbox of capprobe, which leaves the host as it is. They are
# shortened. Times and the version of the kernel are replaced, so that a seed tells nothing about the host but its CPU.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/common.sh
. scripts/common.sh
seeds=$PWD/corpus/seeds/caps-load

# Prints the document that libvirt saves for EMULATOR, or why it saves none. Runs in the sandbox.
probe() {
    local emulator=$1 root=/run/capprobe/root saved
    # For the emulator of a foreign architecture the call fails, but only after libvirt has probed it.
    LIBVIRT_LOG_OUTPUTS=3:file:$TMPDIR/log virsh -q -c "qemu:///embed?root=$root" domcapabilities \
        --emulatorbin "$emulator" >"$TMPDIR/answer" 2>"$TMPDIR/errors" || true
    if saved=$(compgen -G "$root/cache/qemu/capabilities/*.xml"); then
        cat "$saved"
    else
        sed 's/.*Failed to probe/failed to probe/;t;d' "$TMPDIR/log" | cat - "$TMPDIR/errors" | head -n 1 >&2
        return 125
    fi
}
export -f probe

# Writes the seed for EMULATOR with KVM being usable or absent.
record() {
    local kvm=$1 emulator=$2 suffix=$3 output
    output=$seeds/recorded-${emulator##*/qemu-system-}-$suffix.xml
    # shellcheck disable=SC2016  # for the shell in the sandbox
    if build/bench/capprobe sandbox --kvm "$kvm" --emulator "$emulator" -- bash -c 'probe "$1"' bash "$emulator" |
        sed -E -e 's|<(qemuctime\|qemumoddirmtime\|selfctime)>[0-9]+<|<\1>1700000000<|' \
            -e 's|<kernelVersion>.*</kernelVersion>|<kernelVersion>6.1.0 #1 SMP</kernelVersion>|' |
        awk -f fuzz/seeds/shorten-document.awk >"$output.new"; then
        mv "$output.new" "$output"
        printf '%s\n' "$output"
    fi
    rm -f "$output.new"
}

packages_need build seeds
build_into build
mkdir -p "$seeds"

if [[ -e /dev/kvm ]]; then
    record usable /usr/bin/qemu-system-x86_64 kvm
    record usable /usr/bin/qemu-system-x86_64-microvm kvm # this one supports nothing but KVM
fi
# To libvirt's loader those of other architectures look the same.
for arch in x86_64 aarch64 s390x; do
    [[ ! -e /usr/bin/qemu-system-$arch ]] || record absent "/usr/bin/qemu-system-$arch" tcg
done
