#!/usr/bin/env bash
# list-words.sh FILE...: prints a dictionary: the words of the tables and documented schemas in these sources of bench/.
set -euo pipefail
# A word, where it stands quoted in a table, is a member of an events' table, or is named by a schema's description.
{
    sed -nE 's/^CP_OPERATION\([A-Z_]+, "([^"]*)", "([^"]*)".*/\1 \2/p' "$@" | grep -oE '[a-z][a-z-]+' || true
    grep -hvE '^(CP_OPERATION|#include)|^             "' "$@" | grep -oE '"[a-z][a-z0-9_./-]*"' || true
    sed -nE 's/.*MEMBER\(([a-z0-9_]+),.*/"\1"/p' "$@"
} | sort -u | sed 's/"/\\"/g; s/.*/"&"/'
