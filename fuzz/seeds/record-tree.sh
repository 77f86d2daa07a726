#!/usr/bin/env bash
# record-tree.sh PROGRAMS TREE NAME: records seeds from the emulators of another host's tree, such as one that mmdebstrap
# made of a newer Debian, with the programs in the build folder PROGRAMS: conversations for caps-probe, shortened to what makes
# a difference to the libvirt of PROGRAMS, and the documents that libvirt saves, for caps-load, each with the first few machines
# and CPU models. NAME goes into their names.
# The conversation with an emulator that shows a known defect belongs to the defect's page instead.
#
# The tree is not changed: an overlay in memory lies over it, in a mount namespace. Needs root.
set -euo pipefail
(($# == 3)) || {
    echo "usage: record-tree.sh PROGRAMS TREE NAME, such as build/fuzz-11.3.0-asan /srv/trixie qemu-10.0" >&2
    exit 254
}
programs=$(realpath "$1") tree=$(realpath "$2") name=$3
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export G_SLICE=always-malloc ASAN_OPTIONS=detect_leaks=0

# Runs the recorder in the tree: record KVM EMULATOR BASE writes $work/BASE.jsonl and $work/BASE.xml.
record() {
    local kvm=$1 emulator=$2 base=$3
    # shellcheck disable=SC2016  # for the inner shell
    unshare --mount --pid --fork --kill-child bash -euc '
        work=$1 tree=$2 programs=$3 kvm=$4 emulator=$5 base=$6
        mkdir "$work/over"
        mount -t tmpfs none "$work/over"
        mkdir "$work/over/"{upper,work,root}
        root=$work/over/root
        mount -t overlay -o "lowerdir=$tree,upperdir=$work/over/upper,workdir=$work/over/work" none "$root"
        mount -t proc none "$root/proc"
        for place in dev tmp run; do
            mount -t tmpfs none "$root/$place"
        done
        for device in "null 3" "zero 5" "random 8" "urandom 9"; do
            mknod -m 666 "$root/dev/${device% *}" c 1 "${device#* }"
        done
        [[ $kvm == absent ]] || mknod -m 666 "$root/dev/kvm" c 10 232
        cp "$programs/seeds/record-conversation" "$root/tmp/record"
        chroot "$root" /tmp/record "$emulator" /tmp/document >"$work/$base.jsonl"
        cp "$root/tmp/document" "$work/$base.xml"' bash "$work" "$tree" "$programs" "$kvm" "$emulator" "$base"
    rmdir "$work/over"
}

# Prints the document in FILE, shortened, without what it says about this host.
shorten_document() {
    sed -E -e 's|<(qemuctime\|qemumoddirmtime\|selfctime)>[0-9]+<|<\1>1700000000<|' \
        -e 's|<kernelVersion>.*</kernelVersion>|<kernelVersion>6.1.0 #1 SMP</kernelVersion>|' "$1" |
        awk -f fuzz/seeds/shorten-document.awk
}

# Of the schema only the names of commands and events are kept: types are most of a conversation, and those of older seeds
# hardly differ. Of command-line options only the parameters that libvirt looks for are kept.
# shellcheck disable=SC2016  # for jq
drop_types='INDEX($words[]; .) as $known |
    if (.return | type) != "array" then .
    else .return |= map(
        if type == "object" and has("meta-type") then
            select(.["meta-type"] | IN("command", "event")) | .["arg-type"] = "0" | if has("ret-type") then .["ret-type"] = "0" else . end
        elif type == "object" and (.parameters | type) == "array" then .parameters |= map(select($known[.name]))
        else . end) end'

kvm=absent
[[ ! -e /dev/kvm ]] || kvm=usable
source=$(PKG_CONFIG_PATH=${programs/fuzz-/libvirt-} pkg-config --variable=source libvirt-internal)
fuzz/vocabulary/list-source-words.sh --dictionary "$source"/src/qemu/qemu_{capabilities,monitor_json}.c >"$work/words"
for emulator in "$tree"/usr/bin/qemu-system-*; do
    [[ -L $emulator || ! -x $emulator ]] && continue
    base=${emulator##*/qemu-system-}-$name
    record "$kvm" "/usr/bin/${emulator##*/}" "$base" || continue
    jq -cn --slurpfile words "$work/words" -f fuzz/seeds/shorten-conversation.jq "$work/$base.jsonl" |
        jq -c --slurpfile words "$work/words" "$drop_types" >"$work/short"
    jq -cn -f fuzz/seeds/names-only.jq "$work/short" >"$work/names"
    "$programs/seeds/trim-conversation" "$work/names" >"corpus/seeds/caps-probe/small-$base.jsonl"
    shorten_document "$work/$base.xml" >"corpus/seeds/caps-load/short-$base.xml"
    printf '%s\n' "corpus/seeds/caps-probe/small-$base.jsonl" "corpus/seeds/caps-load/short-$base.xml"
done
