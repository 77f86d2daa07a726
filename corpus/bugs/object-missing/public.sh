# shellcheck shell=sh disable=SC2034,SC2154
# QEMU does not have the types that libvirt always asks about.
play_with qom-list-properties '{"error": {"class": "DeviceNotFound", "desc": "no"}}'
op_start
op_read
expect_death
