# shellcheck shell=sh disable=SC2034,SC2154
# QEMU says that it is version 3000.
play_with query-version '{"return": {"qemu": {"major": 3000, "minor": 2, "micro": 0}, "package": ""}}'
op_start
op_read
op_restart
op_read
op_expect refresh spurious
