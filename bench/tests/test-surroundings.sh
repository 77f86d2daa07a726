#!/usr/bin/env bash
# Unusual surroundings: how capprobe was started, and where its files, libvirt's and the modules are.
# FAULTS names the folder with the faulty libvirts. Nothing outside the scratch folder is changed: mounts are private.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# capprobe and its client are also copied, because some tests move them.
mkdir program fast wrong
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" program
cp "$FAULTS/libvirt-refuse.so" fast/libvirt.so.0
printf 'start\nprime\n' >one.scn
run=("$CAPPROBE" replay one.scn --libvirt fast)
emulator=$("$CAPPROBE" doctor | sed -n 's|^ok *\(/.*/qemu-system-[^:]*\):.*$|\1|p')

# --- how it was started ---

without_stdout() {
    rm -f history.jsonl
    "${run[@]}" --history history.jsonl >&- 2>errors
    "$CAPPROBE" judge history.jsonl || { cat errors && return 1; }
}
check_exit 'SIGCHLD is ignored' 0 env --ignore-signal=CHLD "${run[@]}"
check_exit 'standard input is closed' 0 bash -c 'exec "$@" <&-' bash "${run[@]}"
check 'standard output is closed' without_stdout
check 'standard input and output are closed' without_stdout <&-
check_exit 'the stack is small' 0 bash -c 'ulimit -s 64 && exec "$@"' bash "${run[@]}"

# --- what is private to a test: as root, in a mount namespace ---

private=(unshare -m)
if ((EUID != 0)) || ! "${private[@]}" true 2>/dev/null; then
    skip 'unusual mounts' 'root and mount namespaces are needed'
    done_testing
    exit
fi

printf '#!/bin/sh\ntouch %s/executed\n' "$scratch" >wrong/capprobe-client
chmod +x wrong/capprobe-client
without_proc() {
    (cd wrong && "${private[@]}" sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$CAPPROBE" replay ../one.scn) >output 2>&1 && return 1
    cat output
    [[ ! -e executed && $(wc -l <output) == 1 ]] && grep -q /proc output
}
check 'without /proc, no program in the current folder is run' without_proc

lacks_cap_kill() {
    has_exit 125 setpriv --bounding-set=-kill --inh-caps=-kill "${run[@]}" 2>&1 | grep 'lacks CAP_KILL'
}
check 'root without CAP_KILL' lacks_cap_kill

# FOLDER COMMAND...: runs the command with a private tmpfs on FOLDER, in which there is a copy of `fast` and `program`.
with_copies_in() {
    local folder=$1
    shift
    "${private[@]}" sh -c 'mount -t tmpfs none "$1" && cp -r fast program "$1" && shift && exec "$@"' sh "$folder" "$@"
}
for folder in /run /dev/shm /var/lib/libvirt /usr/share; do
    [[ -d $folder ]] || continue
    check_exit "libvirt is below $folder" 0 with_copies_in "$folder" "$CAPPROBE" replay one.scn --libvirt "$folder/fast"
    check_exit "capprobe is below $folder" 0 with_copies_in "$folder" "$folder/program/capprobe" replay one.scn --libvirt fast
done
emulator_below_run() {
    "${private[@]}" sh -c 'mount -t tmpfs none /run && cp "$1" /run/emulator && shift && exec "$@" --emulator /run/emulator' sh "$emulator" "${run[@]}"
}
check_exit 'the emulator is below /run' 0 emulator_below_run

for special in a:b 'a;b' 'a$b'; do
    cp -r fast "$special"
    check "libvirt's path has special characters: $special" refuses 'LD_LIBRARY_PATH' "$CAPPROBE" replay one.scn --libvirt "$special"
done

# --- modules ---

moddir=$("$CAPPROBE" doctor | sed -n 's/^ok .* modules in //p')
all=$(ls "$moddir")

# Prints the modules in the sandbox; $1 makes the host's unusual.
modules_after() {
    "${private[@]}" bash -c "moddir=$moddir"$'\n'"$1"$'\n''exec "$@" sandbox -- ls -L "$moddir"' bash "$CAPPROBE"
}
sees_all() {
    local seen
    seen=$(modules_after "$1") || return
    diff <(printf '%s\n' "$all") <(printf '%s\n' "$seen")
}
check 'modules are relative links out of their folder' sees_all '
    mkdir extra && cp "$moddir"/* extra && mount -t tmpfs none "$moddir"
    for file in extra/*; do ln -s "$(realpath --relative-to="$moddir" "$file")" "$moddir"; done'
overlay='mkdir -p layers && mount -t tmpfs none layers && mkdir layers/upper layers/work layers/modules && cp "$moddir"/* layers/modules &&
    parent=$(dirname "$moddir") && mount -t overlay -o "lowerdir=$parent,upperdir=layers/upper,workdir=layers/work" none "$parent" && rm -r "$moddir"'
if "${private[@]}" bash -c "moddir=$moddir"$'\n'"$overlay" 2>/dev/null; then
    check 'the module directory is an absolute link' sees_all "$overlay"' && ln -s "$PWD/layers/modules" "$moddir"'
    check 'the module directory is a relative link' sees_all "$overlay"' && ln -s "$(realpath --relative-to="$parent" layers/modules)" "$moddir"'
else
    skip 'the module directory is a link' 'no overlays are possible here'
fi

# As in a container: below the sandbox's overlay there is another one, whose files are of other devices than its folders.
in_overlay() {
    "${private[@]}" bash -euc '
        mkdir -p container
        mount -t tmpfs none container
        mkdir container/upper container/work container/root
        mount -t overlay -o lowerdir=/,upperdir=container/upper,workdir=container/work none container/root
        for folder in dev proc run sys tmp; do
            mount --rbind "/$folder" "container/root/$folder"
        done
        "$@"' bash "$@"
}
if in_overlay true 2>/dev/null; then
    check_exit 'the root is an overlay' 0 in_overlay chroot container/root \
        "$CAPPROBE" bench --scenario "$PWD/one.scn" --libvirt "$PWD/fast" --rounds 2 --kvm absent --confirm no
else
    skip 'the root is an overlay' 'no overlays are possible here'
fi

done_testing
