#!/usr/bin/env bash
# The module directory that operations act on: the emulator's, also if the emulator was moved; libvirt's; any other.
# shellcheck disable=SC2016  # the commands are for eval
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99
# libvirt runs emulators as another user.
chmod 755 "$scratch"

emulator=$("$CAPPROBE" doctor | sed -n 's|^ok *\(/.*/qemu-system-[^:]*\):.*$|\1|p')
moddir=$("$CAPPROBE" doctor | sed -n 's/^ok .* modules in //p')
name=${emulator##*/}
below=${moddir#/usr/}

# Three copies of the emulator: with its modules beside it; in a bundle; without modules.
mkdir -p "moved/bin" "moved/${below%/*}" "bundle/qemu-bundle/${moddir%/*}" without/bin
cp "$emulator" moved/bin
cp -r "$moddir" "moved/$below"
ln moved/bin/"$name" bundle/"$name"
cp -r "$moddir" "bundle/qemu-bundle/$moddir"
ln moved/bin/"$name" without/bin/"$name"
rm "moved/$below/hw-usb-host.so"

# TEXT OPTION...: the doctor says TEXT, and finds everything in place.
doctor_says() {
    local text=$1 status=0
    shift
    "$CAPPROBE" doctor "$@" >output 2>&1 || status=$?
    cat output
    ((status == 0)) && grep -F "$text" output
}
modules=("$moddir"/*.so)
count=${#modules[@]}
printf '%s\n' start prime 'expect has modelType qxl' 'remove hw-display-qxl' restart read >remove.scn
check 'the modules beside a moved emulator' doctor_says "$((count - 1)) modules in $scratch/moved/$below" --emulator moved/bin/"$name"
check 'the modules of a bundle' doctor_says "$count modules in $scratch/bundle/qemu-bundle$moddir" --emulator bundle/"$name"
check 'a moved emulator without modules' doctor_says 'QEMU loads modules from nowhere' --emulator without/bin/"$name"
check "then libvirt's are changed" doctor_says "$count modules in $moddir" --emulator without/bin/"$name"
check "--modules libvirt" doctor_says "$count modules in $moddir" --emulator moved/bin/"$name" --modules libvirt
check "--modules DIR" doctor_says "$((count - 1)) modules in $scratch/moved/$below" --modules "moved/$below"
check_exit '--modules emulator, but it has none' 125 "$CAPPROBE" doctor --emulator without/bin/"$name" --modules emulator
check '--modules with something else' refuses 'expected libvirt, emulator or a folder' "$CAPPROBE" replay remove.scn --modules nonexistent
check '--modules with --plain' refuses '--plain excludes' "$CAPPROBE" sandbox --plain --modules libvirt -- true

# QEMU itself must agree: libvirt's answer changes with the modules that the moved emulator loads, and only with these.
run=("$CAPPROBE" replay remove.scn --kvm absent --confirm no --emulator moved/bin/"$name")
check 'an emulator loses a module that was beside it' has_exit 1 "${run[@]}" --history moved.jsonl
check 'which libvirt does not notice' jq -es \
    'map(select(.type == "truth" and .pass == 1) | .answer) | length == 2 and .[0] != .[1]' moved.jsonl
check "it does not miss a module of libvirt's directory" has_exit 0 "${run[@]}" --modules libvirt --history libvirt.jsonl
check 'the history names the directory' jq -es --arg dir "$moddir" '.[0].environment.module_dir == $dir' libvirt.jsonl

done_testing
