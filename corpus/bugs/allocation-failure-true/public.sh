# shellcheck shell=sh disable=SC2034,SC2154
# The cache says that a property is false. libxml2 gets no memory when libvirt asks whether it is true.
play_with query-cpu-definitions '{"return": [{"name": "486", "typename": "486-x86_64-cpu", "unavailable-features": []}]}' \
    query-cpu-model-expansion '{"return": {"model": {"name": "base", "props": {"invtsc": false}}}}'
op_start
op_read
fail_from_now_on FAIL_XPATH="./@value='true'" FAIL_AT=1
op_start
op_read
has_failed
op_expect verdict stale
