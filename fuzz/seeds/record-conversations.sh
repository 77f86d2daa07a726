#!/usr/bin/env bash
# record-conversations.sh PROGRAMS: records seeds of caps-probe with the programs of a build of the targets: what
# every emulator of this host says when libvirt probes it, on a host with KVM, and that of x86_64 once without. Must be
# run as root; everything happens in a private namespace.
#
# Of some emulators the whole recording is kept, as it was sent. Of every one there is also a small conversation, derived
# from the recording: shorten-conversation.jq says how, and then trim-conversation takes out all that makes no difference
# to what libvirt learns.
set -euo pipefail
shopt -s nullglob
whole=(x86_64 x86_64-tcg aarch64 ppc64 riscv64 s390x)

# Where libvirt knows no such architecture there is nothing to record.
record() {
    local emulator=$1 name=$2
    "$programs/seeds/record-conversation" "$emulator" >"$work/$name.jsonl" 2>"$work/errors" || {
        rm "$work/$name.jsonl"
        grep -o 'Unknown QEMU arch.*' "$work/errors" >&2 || { cat "$work/errors" >&2 && exit 125; }
    }
}

if [[ ${1-} == --inside ]]; then
    programs=$2 work=$3
    for emulator in /usr/bin/qemu-system-*; do
        name=${emulator##*/qemu-system-}
        [[ -L $emulator || $name == *-* ]] || record "$emulator" "$name"
    done
    # No emulator can make a KVM of this.
    [[ ! -e /dev/kvm ]] || mount --bind /dev/null /dev/kvm
    record /usr/bin/qemu-system-x86_64 x86_64-tcg
    exit
fi

(($# == 1)) || {
    echo "usage: record-conversations.sh PROGRAMS, such as build/fuzz-9.0.0-replay" >&2
    exit 254
}
((EUID == 0)) || {
    echo "record-conversations.sh: mount namespaces are needed: run it as root" >&2
    exit 125
}
programs=$(realpath "$1")
source=$(PKG_CONFIG_PATH=${programs/fuzz-/libvirt-} pkg-config --variable=source libvirt-internal)
fuzz=$(realpath "$(dirname "$0")/..")
seeds=$fuzz/../corpus/seeds/caps-probe
mkdir -p "$seeds"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unshare -m -p -f --mount-proc --kill-child "$0" --inside "$programs" "$work"
for name in "${whole[@]}"; do
    [[ ! -e $work/$name.jsonl ]] || cp "$work/$name.jsonl" "$seeds/recorded-$name.jsonl"
done
"$fuzz/vocabulary/list-qmp-words.sh" "$source" --dictionary >"$work/words"
for recording in "$work"/*.jsonl; do
    name=${recording##*/}
    jq -cn --slurpfile words "$work/words" -f "$fuzz/seeds/shorten-conversation.jq" "$recording" >"$work/short"
    "$programs/seeds/trim-conversation" "$work/short" >"$work/small"
    mv "$work/small" "$seeds/small-$name"
    echo "$seeds/small-$name"
done
