# shellcheck shell=sh disable=SC2034,SC2154
# An answer has 300,000 levels.
play_with query-machines "{\"return\": $(letters 300000 '[')$(letters 300000 ']')}"
op_start
op_read
expect_death
