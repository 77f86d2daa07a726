# shellcheck shell=sh disable=SC2034,SC2154
# QEMU says that it is version 5000.2.0.
play_with query-version '{"return": {"qemu": {"major": 5000, "minor": 2, "micro": 0}, "package": ""}}'
op_start
op_ask version
expect_said 'hypervisor: QEMU 705\.34\.704'
