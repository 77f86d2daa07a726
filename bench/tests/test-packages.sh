#!/usr/bin/env bash
# Real package managers and images on the private host: what libvirt notices, what programs say, and that nothing is left behind.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/make-tree.sh
source "${0%/*}/make-tree.sh"
chmod 755 "$scratch"
cd "$scratch" || exit 99
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
program=$scratch/capprobe
module=hw-display-qxl

# NAME STEP...: writes a scenario.
scenario() {
    local name=$1
    shift
    printf '%s\n' "$@" >"$name.scn"
}

# STATUS TEXT NAME: replays a scenario, which ends with this status and prints TEXT.
replays() {
    local wanted=$1 text=$2 name=$3 status=0
    shift 3
    "$program" replay "$name.scn" --kvm absent --confirm no "$@" >"$name.txt" 2>&1 || status=$?
    cat "$name.txt"
    ((status == wanted)) || { echo "exit status $status, expected $wanted" && return 1; }
    grep -F -- "$text" "$name.txt" >/dev/null || { echo "expected: $text" && return 1; }
}

scenario takes-root "image tar with $module" start read
if ((EUID != 0)); then
    check 'an ordinary user is told that it takes root' replays 125 'this takes root' takes-root
    done_testing
fi
if setpriv --reuid=65534 --regid=65534 --clear-groups unshare -U true 2>/dev/null; then
    chmod 777 .
    check 'an ordinary user is told that it takes root' bash -c '
        setpriv --reuid=65534 --regid=65534 --clear-groups "$0" replay takes-root.scn --kvm absent | grep -F "this takes root"' "$program"
else
    skip 'an ordinary user is told that it takes root' 'no user namespaces are allowed here'
fi

# What the programs need is in the machine's own root file system. A scenario is skipped if it is not.
for file in "$CORPUS"/scenarios/{package,image}-*.scn; do
    name=$(basename "$file" .scn)
    status=0
    "$program" replay "$file" --kvm absent --confirm no >"$name.txt" 2>&1 || status=$?
    obstacle=$(sed -n 's/^  cannot be tested here: \(this host has no command\)/\1/p' "$name.txt")
    if [[ $obstacle ]] && ((status == 125)); then
        skip "$name" "$obstacle"
        continue
    fi
    check "$name" bash -c 'cat "$0"; exit "$1"' "$name.txt" "$status"
done

declare -A programs=([oci-epoch]=umoci [rsync-epoch]=rsync [tar-epoch]=tar)
for kind in oci-epoch rsync-epoch tar-epoch; do
    scenario $kind "needs command ${programs[$kind]}" "image $kind with $module" start prime \
        "image $kind without $module" read 'expect verdict stale' 'expect defect has modelType qxl' "image $kind with $module" read 'expect has modelType qxl'
    check "$kind: libvirt does not notice" replays 1 "$kind: reproduced as expected" $kind
done

# Packages are in the database of the package manager, and the module's file is the package's own.
scenario owned "needs command dpkg-deb" 'run sh -c "! dpkg-query -S $CAPPROBE_MODULES/'$module'.so | grep capprobe-"' "dpkg adopt $module" \
    'run sh -c "dpkg-query -S $CAPPROBE_MODULES/'$module'.so | grep ^capprobe-'$module':"' "dpkg upgrade $module" \
    'run sh -c "dpkg-query -W capprobe-'$module' | grep 2$"' "dpkg remove $module" 'run sh -c "! dpkg-query -S $CAPPROBE_MODULES/'$module'.so"' \
    "dpkg install $module" 'run sh -c "dpkg-query -W capprobe-'$module' | grep 2$"' start read
check 'dpkg: the package owns the file' replays 0 '1 read' owned

scenario no-package "dpkg remove $module" start read
check 'a package that was not made' replays 125 "no-package.scn:1:1: 'dpkg': dpkg ended with status 1: no package has $module yet, expected 'dpkg adopt $module' before" no-package
scenario no-emulator-in-tar 'image tar emulator any' start read
check 'an emulator in an image that is no file system' replays 125 'there can be no emulator in an image of the kind tar, expected erofs or squashfs' no-emulator-in-tar
make_tree tree
scenario no-program "image ostree with $module" start read
check 'a program that is missing' replays 125 'there is no ostree here; install the package ostree' no-program --tree tree

# What one round installed, mounted or linked is gone in the next, and a state does not depend on how it came about.
scenario again "clock step" "image erofs with $module" start prime "image squashfs without $module" read "image ostree without $module" restart read
states='[.[] | select(.type == "round" or .name == "image").state] | length == 8 and .[0:4] == .[4:8] and .[0] == .[1] and .[1] != .[2] and .[2] == .[3]'
check 'the next round begins anew' bash -c '"$0" bench --rounds 2 --scenario again.scn --kvm absent --confirm no --history again.jsonl; jq -es "$1" again.jsonl' \
    "$program" "$states"

# A loop device is free again, also if capprobe is killed.
loops() {
    cat /sys/block/loop*/loop/backing_file 2>/dev/null | grep -F 'erofs-hw-usb-redirect'
}
is_freed() {
    local pid i
    mkfifo history
    "$program" replay killed.scn --kvm absent --history - >history 2>killed.txt &
    pid=$!
    # The first round has begun.
    grep -m 1 '"prime"' history >/dev/null
    loops || { echo 'no loop device is in use' && cat killed.txt && kill -9 $pid && return 1; }
    kill -9 $pid
    wait $pid 2>/dev/null
    for ((i = 0; i < 600; i++)); do
        loops || return 0
        sleep 0.1
    done
    return 1
}
scenario killed "image erofs without hw-usb-redirect" start prime 'pause 20s' read
check 'a loop device is freed if capprobe is killed' is_freed
check 'nothing is installed on the host' bash -c '! dpkg-query -W "capprobe-*" 2>/dev/null | grep . && ! grep -F "capprobe" /proc/mounts' sh

done_testing
