#!/usr/bin/env bash
# expect-crash.sh TEXT COMMAND...: succeeds where the command dies and says TEXT.
text=$1
shift
if output=$("$@" 2>&1); then
    echo "$output"
    echo "it did not crash: has libvirt mended it?"
    exit 1
fi
echo "$output"
grep -qF -- "$text" <<<"$output"
