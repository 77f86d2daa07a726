#!/usr/bin/env bash
# test-size.sh SEEDS: all seeds together are small enough to be read, copied and played often.
set -euo pipefail

largest=400000
total=$(find "$1" -type f -printf '%s\n' | awk '{ bytes += $1 } END { print bytes + 0 }')
echo "the seeds have $total bytes; at most $largest are allowed"
((total > 0 && total <= largest))
