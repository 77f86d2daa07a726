# shellcheck shell=sh disable=SC2034,SC2154
# A member that should be a boolean is a text.
play_with query-machines '{"return": [{"name": "machine", "is-default": true, "cpu-max": 4, "hotpluggable-cpus": true, "deprecated": "no"}]}'
op_start
op_read
expect_said 'cause is unknown|: no error'
