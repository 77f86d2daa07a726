# shellcheck shell=sh disable=SC2034,SC2154
# A machine has three thousand million processors at most.
play_with query-machines '{"return": [{"name": "machine", "is-default": true, "cpu-max": 3000000000, "hotpluggable-cpus": true, "default-cpu-type": "max"}]}'
op_start
op_read
expect_said "vcpu max='-"
