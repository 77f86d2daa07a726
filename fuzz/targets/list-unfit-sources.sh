#!/usr/bin/env bash
# list-unfit-sources.sh FILE|FOLDER... -- COMPILER...: prints the C sources, including those in the folders, that do not
# compile with the libvirt that is fuzzed, one per line: FILE|the compiler's first error.
set -euo pipefail
cd "$(dirname "$0")/.."
places=()
while [[ $1 != -- ]]; do
    places+=("$1")
    shift
done
shift
while IFS= read -r source; do
    {
        complaint=$("$@" -fsyntax-only "$source" 2>&1 </dev/null) ||
            printf '%s|%s\n' "$source" "$(grep -m 1 'error' <<<"$complaint" || head -n 1 <<<"$complaint")"
    } &
done < <(find "${places[@]}" -name '*.c')
wait
