#!/usr/bin/env bash
# expect-crash.sh TEXT COMMAND...: succeeds if the command crashes and its output contains TEXT.
text=$1
shift
if output=$("$@" 2>&1); then
    echo "$output"
    echo "it did not crash: is it fixed in this libvirt?"
    exit 1
fi
echo "$output"
grep -qF -- "$text" <<<"$output"
