# shellcheck shell=sh disable=SC2034,SC2154
# QEMU's schema has forty alternates, nested in each other.
deadline=5
play_with query-qmp-schema "$(awk 'BEGIN {
    printf "{\"return\": [{\"name\": \"blockdev-add\", \"meta-type\": \"command\", \"arg-type\": \"a0\", \"ret-type\": \"z\"}"
    for (i = 0; i < 40; i++)
        printf ", {\"name\": \"a%d\", \"meta-type\": \"alternate\", \"members\": [{\"type\": \"a%d\"}, {\"type\": \"a%d\"}]}", i, i + 1, i + 1
    print ", {\"name\": \"a40\", \"meta-type\": \"builtin\", \"json-type\": \"string\"}]}"
}')"
op_start
op_read
op_expect lost
