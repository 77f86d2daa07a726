# shellcheck shell=sh disable=SC2034,SC2154
# QEMU sends an event without its data.
play_with query-target '{"event": "VSERPORT_CHANGE", "timestamp": {"seconds": 1, "microseconds": 1}}
{"return": {"arch": "x86_64"}}'
op_start
op_read
expect_death
