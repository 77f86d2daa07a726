# shellcheck shell=sh disable=SC2034,SC2154
# Each query reads the descriptor, and loses the names that come after the first null.
mkdir -p /usr/share/qemu/firmware
cat >/usr/share/qemu/firmware/60-null.json <<DESCRIPTOR
{"description": "UEFI", "interface-types": ["uefi"], "features": [], "tags": [],
 "mapping": {"device": "flash", "executable": {"filename": "/usr/share/OVMF/OVMF_CODE.fd", "format": "raw"},
             "nvram-template": {"filename": "/usr/share/OVMF/OVMF_VARS.fd", "format": "raw"}},
 "targets": [{"architecture": "x86_64", "machines": [null, "$(letters 200000 A)"]}]}
DESCRIPTOR
play_with
op_start
expect_leak 200
