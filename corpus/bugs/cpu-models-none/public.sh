# shellcheck shell=sh disable=SC2034,SC2154
# QEMU has no CPU models.
play_with query-cpu-definitions '{"return": []}'
op_start
op_read
op_restart
op_read
op_expect verdict stale
