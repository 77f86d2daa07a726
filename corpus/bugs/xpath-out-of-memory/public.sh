# shellcheck shell=sh disable=SC2034,SC2154
# The cache is right. libxml2 gets no memory for one of the things that it needs to look for the flags.
play_with
op_start
op_read
for n in 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    fail_from_now_on FAIL_XPATH=./flag FAIL_AT=$n
    op_start
    op_read
    [ ! "$libvirt" ] && break
done
expect_death
