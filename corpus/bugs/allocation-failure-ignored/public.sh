# shellcheck shell=sh disable=SC2034,SC2154
# The cache is right. libxml2 gets no memory when libvirt asks for the flags.
play_with
op_start
op_read
fail_from_now_on FAIL_XPATH=./flag FAIL_AT=1
op_start
op_read
has_failed
op_expect verdict failed
