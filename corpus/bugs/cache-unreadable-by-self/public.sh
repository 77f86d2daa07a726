# shellcheck shell=sh disable=SC2034,SC2154
# The package of QEMU has an ampersand in its name.
play_with query-version '{"return": {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": "v7.2.0 (R&D)"}}'
op_start
op_read
op_restart
op_read
op_expect refresh spurious
