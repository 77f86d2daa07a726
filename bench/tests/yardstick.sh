#!/usr/bin/env bash
# Compares capprobe with what a user would write instead: both run in turns on this host.
#
#   yardstick.sh [SECONDS]     as root; each gets SECONDS (default 30), in three turns
#
# The user's way is a loop of mv, virsh domcapabilities and date. It runs once with the host's init, as a user has it, and
# once in capprobe's sandbox, whose init reaps at once. A refresh counts only if the cache file was written and the answer
# is right. CAPPROBE names the program, if it is not build/bench/capprobe.
set -euo pipefail

share=$((${1:-30} / 3))
capprobe=$(realpath "${CAPPROBE:-${0%/*}/../../build/bench/capprobe}")
moddir=$("$capprobe" doctor | sed -n 's/^ok .* modules in //p')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
((EUID == 0)) || { echo "yardstick.sh: needs root, to mount a copy of the modules" >&2 && exit 125; }
export share moddir

# With the host's init there can be no sandbox: a private mount namespace has to do.
cat >"$scratch/with-hosts-init.sh" <<'EOF'
set -euo pipefail
mount -t tmpfs yardstick /mnt
mkdir -p /mnt/root/etc
cp -a "$moddir" /mnt/modules
mount --bind /mnt/modules "$moddir"
printf 'security_driver = "none"\nstdio_handler = "file"\n' >/mnt/root/etc/qemu.conf
if [[ -c /dev/kvm ]]; then
    mknod -m 666 /mnt/kvm c $((0x$(stat -c %t /dev/kvm))) $((0x$(stat -c %T /dev/kvm)))
    mount --bind /mnt/kvm /dev/kvm
fi
exec bash "$1" /mnt
EOF

# loop.sh FOLDER: FOLDER/root is libvirt's root.
cat >"$scratch/loop.sh" <<'EOF'
set -euo pipefail
cd "$1"
root=$PWD/root
mkdir -p spare

ask() {
    virsh -c "qemu:///embed?root=$root" domcapabilities >spare/answer 2>/dev/null
}
ask
end=$((SECONDS + share))
present=1
while ((SECONDS < end)); do
    if ((present)); then mv "$moddir/hw-display-qxl.so" spare/; else mv spare/hw-display-qxl.so "$moddir/"; fi
    present=$((1 - present))
    written=$(stat -c %y root/cache/qemu/capabilities/*.xml)
    begin=$(date +%s%N)
    ask
    latency=$(($(date +%s%N) - begin))
    if [[ $(grep -c '<value>qxl</value>' spare/answer) == "$present" &&
        $(stat -c %y root/cache/qemu/capabilities/*.xml) != "$written" ]]; then
        echo "$latency"
    fi
done
EOF
{
    printf 'start\nprime\nrepeat 4 {\nremove hw-display-qxl\nread\nadd hw-display-qxl\nread\n}\n'
} >"$scratch/refresh.scn"

# Prints a line: how many refreshes, how many per minute, the median of their latency and its MAD.
summarize() {
    jq -rs --arg name "$1" --argjson wall "$2" '
        def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
        . as $all | median as $m |
        ([$all[] | . - $m | fabs] | median) as $mad |
        "\($name)  \($all | length) refreshes  \(60 * ($all | length) / $wall | round) per minute  median \($m / 1e6 | round) ms  " +
        "MAD \($mad / 1e6 | round) ms, \(1000 * $mad / $m | round / 10) % of it"'
}

declare -A wall=([host]=0 [own]=0 [capprobe]=0)

# NAME COMMAND...: one turn; its time is added to wall[NAME].
turn() {
    local name=$1 begin=$SECONDS
    shift
    "$@" >>"$scratch/$name"
    wall[$name]=$((wall[$name] + SECONDS - begin))
}

ours() {
    local end=$((SECONDS + share))
    while ((SECONDS < end)); do
        "$capprobe" bench --scenario "$scratch/refresh.scn" --rounds 1 --output "$scratch/result.json" >/dev/null 2>&1
        jq '.scenarios[].samples[] | select(.verdict == "fresh").ns' "$scratch/result.json"
    done
}

for number in 1 2 3; do
    turn host unshare -m bash "$scratch/with-hosts-init.sh" "$scratch/loop.sh"
    turn own "$capprobe" sandbox -- bash "$scratch/loop.sh" /run/capprobe
    turn capprobe ours
    echo "turn $number of 3" >&2
done
summarize "virsh loop, host's init    " "${wall[host]}" <"$scratch/host"
summarize 'virsh loop, in the sandbox ' "${wall[own]}" <"$scratch/own"
summarize 'capprobe                   ' "${wall[capprobe]}" <"$scratch/capprobe"
