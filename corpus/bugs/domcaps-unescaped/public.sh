# shellcheck shell=sh disable=SC2034,SC2154
# A machine has an ampersand in its name.
play_with query-machines '{"return": [{"name": "virt&real", "is-default": true, "cpu-max": 4, "hotpluggable-cpus": true, "default-cpu-type": "max"}]}'
op_start
op_read
expect_said '<machine>virt&real</machine>'
