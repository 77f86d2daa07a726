# shellcheck shell=sh disable=SC2034,SC2154
# QEMU refuses to list CPU models.
play_with query-cpu-definitions '{"error": {"class": "GenericError", "desc": "no"}}'
op_start
op_read
expect_death
