#!/usr/bin/env bash
# The yardstick: what a user would write instead of capprobe, and capprobe, side by side in one run.
#
#   yardstick.sh [SECONDS]     as root; each gets SECONDS (default 30), in turns of a third
#
# The user's way is a loop of mv, virsh domcapabilities and date. It runs in a private mount namespace, for the host's modules are not
# to be moved; once with the host's init, as a user has it, and once in a PID namespace of its own, where the shell reaps at once.
# Only refreshes count, that is: the cache file was written and the answer is right.
# CAPPROBE names the program, if it is not build/bench/capprobe.
set -euo pipefail

share=$((${1:-30} / 3))
capprobe=$(realpath "${CAPPROBE:-${0%/*}/../../build/bench/capprobe}")
moddir=$("$capprobe" doctor | sed -n 's/^ok .* modules in //p')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
((EUID == 0)) || { echo "yardstick.sh: needs root, to mount a copy of the modules" >&2 && exit 125; }

cat >"$scratch/loop.sh" <<'EOF'
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

ask() {
    virsh -c 'qemu:///embed?root=/mnt/root' domcapabilities >/mnt/answer 2>/dev/null
}
ask
end=$((SECONDS + share))
present=1
while ((SECONDS < end)); do
    if ((present)); then mv "$moddir/hw-display-qxl.so" /mnt/; else mv /mnt/hw-display-qxl.so "$moddir/"; fi
    present=$((1 - present))
    written=$(stat -c %y /mnt/root/cache/qemu/capabilities/*.xml)
    begin=$(date +%s%N)
    ask
    latency=$(($(date +%s%N) - begin))
    if [[ $(grep -c '<value>qxl</value>' /mnt/answer) == "$present" &&
        $(stat -c %y /mnt/root/cache/qemu/capabilities/*.xml) != "$written" ]]; then
        echo "$latency"
    fi
done
EOF
{
    printf 'start\nprime\nrepeat 4 {\nremove hw-display-qxl\nread\nadd hw-display-qxl\nread\n}\n'
} >"$scratch/refresh.scn"

# A line: how many refreshes, how many a minute, and of their latency the median and the MAD.
summarize() {
    jq -rs --arg name "$1" --argjson wall "$2" '
        def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
        . as $all | median as $m |
        ([$all[] | . - $m | fabs] | median) as $mad |
        "\($name)  \($all | length) refreshes  \(60 * ($all | length) / $wall | round) a minute  median \($m / 1e6 | round) ms  " +
        "MAD \($mad / 1e6 | round) ms, \(1000 * $mad / $m | round / 10) % of it"'
}

declare -A wall=([host]=0 [own]=0 [capprobe]=0)

# NAME COMMAND...: one turn, whose time is added to wall[NAME].
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
        jq '.scenarios[].samples_ns[]' "$scratch/result.json"
    done
}

for number in 1 2 3; do
    turn host unshare -m env share="$share" moddir="$moddir" bash "$scratch/loop.sh"
    turn own unshare -m -p -f --mount-proc env share="$share" moddir="$moddir" bash "$scratch/loop.sh"
    turn capprobe ours
    echo "turn $number of 3" >&2
done
summarize "virsh loop, the host's init" "${wall[host]}" <"$scratch/host"
summarize 'virsh loop, an init at once' "${wall[own]}" <"$scratch/own"
summarize 'capprobe                   ' "${wall[capprobe]}" <"$scratch/capprobe"
