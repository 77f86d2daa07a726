#!/usr/bin/env bash
# record-conversations.sh PROGRAMS: records seeds of caps-probe with the programs in the build folder PROGRAMS: the
# conversations of libvirt with some emulators of this host, with KVM if there is one, and with that of x86_64 also without.
# They are recorded in the sandbox of capprobe, which leaves the host as it is.
#
# The recordings are shortened by shorten-conversation.jq, and then lose all parts that make no difference to what libvirt
# learns (trim-conversation).
set -euo pipefail
(($# == 1)) || {
    echo "usage: record-conversations.sh PROGRAMS, such as build/fuzz-9.0.0-replay" >&2
    exit 254
}
programs=$(realpath "$1")
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/common.sh
. scripts/common.sh
# To libvirt's probe those of other architectures look the same.
architectures=(x86_64 aarch64 s390x)
seeds=corpus/seeds/caps-probe

# Writes the conversation with EMULATOR to $work/NAME.jsonl.
record() {
    local kvm=$1 emulator=$2 name=$3
    build/bench/capprobe sandbox --kvm "$kvm" --emulator "$emulator" -- \
        "$programs/seeds/record-conversation" "$emulator" >"$work/$name.jsonl" || exit 125
}

packages_need build seeds
build_into build
libvirt=${programs/fuzz-/libvirt-}
source=$(PKG_CONFIG_PATH=$libvirt pkg-config --variable=source libvirt-internal)
mkdir -p "$seeds"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

kvm=absent
[[ ! -e /dev/kvm ]] || kvm=usable
for name in "${architectures[@]}"; do
    [[ ! -e /usr/bin/qemu-system-$name ]] || record "$kvm" "/usr/bin/qemu-system-$name" "$name"
done
record absent /usr/bin/qemu-system-x86_64 x86_64-tcg

fuzz/vocabulary/list-source-words.sh --dictionary "$source"/src/qemu/qemu_{capabilities,monitor_json}.c >"$work/words"
for recording in "$work"/*.jsonl; do
    name=${recording##*/}
    jq -cn --slurpfile words "$work/words" -f fuzz/seeds/shorten-conversation.jq "$recording" >"$work/short"
    "$programs/seeds/trim-conversation" "$work/short" >"$work/small"
    mv "$work/small" "$seeds/small-$name"
    echo "$seeds/small-$name"
done
