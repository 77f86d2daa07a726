#!/usr/bin/env bash
# list-words.sh FILE...: prints a dictionary with the words in tables and schema descriptions of these sources of bench/.
set -euo pipefail
# Words are operations and their arguments, string literals, and members in the table of events.
{
    sed -nE 's/^CP_OPERATION\([A-Z_]+, "([^"]*)", "([^"]*)".*/\1 \2/p' "$@" | grep -oE '[a-z][a-z-]+' || true
    grep -hvE '^(CP_OPERATION|#include)|^             "' "$@" | grep -oE '"[a-z][a-z0-9_./-]*"' || true
    sed -nE 's/.*MEMBER\(([a-z0-9_]+),.*/"\1"/p' "$@"
} | sort -u | sed 's/"/\\"/g; s/.*/"&"/'
