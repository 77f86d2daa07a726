# shellcheck shell=sh disable=SC2034,SC2154
# QEMU answers a command twice.
play_with query-migrate-capabilities "{\"return\": [], \"more\": \"$(letters 100000 A)\"}
{\"return\": []}"
op_start
expect_leak 100
