# shellcheck shell=sh disable=SC2034,SC2154
# A machine has a tab in its name.
play_with query-machines '{"return": [{"name": "a\tmachine", "is-default": true, "cpu-max": 4, "hotpluggable-cpus": true, "default-cpu-type": "max"}]}'
op_start
op_read
op_restart
op_read
op_expect verdict stale
