#!/usr/bin/env bash
# list-misfits.sh SOURCE... -- COMPILER...: prints the sources that the compiler refuses, and after a bar the first reason
# that it gives: where libvirt's internals are not what they are written for.
set -euo pipefail
cd "$(dirname "$0")"
sources=()
while [[ $1 != -- ]]; do
    sources+=("$1")
    shift
done
shift
for source in "${sources[@]}"; do
    {
        complaint=$("$@" -fsyntax-only "$source" 2>&1 </dev/null) ||
            printf '%s|%s\n' "$source" "$(grep -m 1 'error' <<<"$complaint" || head -n 1 <<<"$complaint")"
    } &
done
wait
