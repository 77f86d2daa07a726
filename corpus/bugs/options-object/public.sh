# shellcheck shell=sh disable=SC2034,SC2154
# The parameters of an option are an object.
play_with query-command-line-options '{"return": [{"option": "spice", "parameters": {"gl": 1}}]}'
op_start
op_read
expect_death
