# shellcheck shell=sh disable=SC2034,SC2154
# The cache file ends with many empty lines. Reading the last of them fails.
play_with
edit_after_read '{ print } END { for (i = 0; i < n; i++) print "" }' 100000
fail_from_now_on FAIL_READ=/qemu/capabilities/
op_start
op_read
has_failed
[ "$refreshed" = no ]
defect 'libvirt has accepted a file that it could not read to its end'
