#!/usr/bin/env bash
# `capprobe modules`, on the real libvirt and QEMU.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

check 'an unknown format is refused' refuses '--format yaml: expected text, json or markdown' "$CAPPROBE" modules --format yaml

if [[ $(basename "$("$CAPPROBE" doctor | sed -n 's|^ok *\(/.*/qemu-system-[^:]*\):.*$|\1|p')") != qemu-system-x86_64 ]]; then
    skip 'the table' 'it is known for qemu-system-x86_64'
    done_testing
    exit
fi
moddir=$("$CAPPROBE" doctor | sed -n 's/^ok .* modules in //p')

table() {
    "$CAPPROBE" modules --kvm absent --format json >table.json 2>progress || { cat progress && return 1; }
}
# NAME MODULE FILTER: for the module's object, the filter is true.
check_module() {
    if [[ -e $moddir/$2.so ]]; then
        check "$1" jq -e --arg name "$2" ".modules[] | select(.module == \$name) | $3" table.json
    else
        skip "$1" "this host has no module $2"
    fi
}
check 'the table is made' table
check 'progress is on standard error' grep -q 'asking libvirt' progress
check 'it has every module' diff <(jq -r '.modules[].module' table.json | sort) <(find "$moddir" -name '*.so' -printf '%f\n' | sed 's/\.so$//' | sort)
check 'every module was tested' jq -e '.modules | all(.unknown == null)' table.json
check_module 'hw-usb-smartcard leaves the cached document only' hw-usb-smartcard \
    '.answer == [] and .document == ["- flag ccid-emulated", "- flag ccid-passthru"] and .error == null'
check_module 'hw-display-qxl leaves the answer and the cached document' hw-display-qxl \
    '(.answer | any(. == "- video modelType qxl")) and (.document | any(. == "- flag qxl"))'
check_module 'hw-usb-host leaves two flags' hw-usb-host '.answer == [] and (.document | length) == 2'
check_module 'libvirt knows nothing of block-ssh' block-ssh '.answer == [] and .document == [] and .error == null'
check_module 'without hw-display-virtio-gpu libvirt fails' hw-display-virtio-gpu '.error.message | length > 0'
if [[ -e $moddir/hw-display-virtio-gpu.so && -e $moddir/hw-display-virtio-gpu-pci.so ]]; then
    check 'that is because of hw-display-virtio-gpu-pci' jq -e \
        '.pairs | any(. == {module: "hw-display-virtio-gpu-pci", needed: "hw-display-virtio-gpu", fails: true})' table.json
else
    skip 'that is because of hw-display-virtio-gpu-pci' 'this host lacks one of the two'
fi
check 'the host has its modules still' diff <(jq -r '.modules[].module' table.json | sort) <(find "$moddir" -name '*.so' -printf '%f\n' | sed 's/\.so$//' | sort)

done_testing
