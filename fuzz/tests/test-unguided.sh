#!/usr/bin/env bash
# test-unguided.sh LIST FOLDER...: each pattern in the list of code that AFL++ does not instrument matches a source file or
# a function in one of the folders. A pattern that matches nothing would cost speed without being noticed.
set -euo pipefail
shopt -s extglob
list=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find "$@" -name '*.c' -exec realpath {} + | sort -u >"$work/files"
# In libvirt and libxml2, a function's name is at the start of a line, or after its return type.
xargs -d '\n' grep -hoE '^[A-Za-z].*\(|^[a-zA-Z_0-9]+\(' <"$work/files" | grep -oE '[A-Za-z_0-9]+ *\(' | tr -d ' (' |
    sort -u >"$work/functions"

# Whether a line of the file NAMES matches the pattern. The syntax is that of the shell, as in AFL++.
matches() {
    local pattern=$1 name
    while IFS= read -r name; do
        # shellcheck disable=SC2053  # the right side is a pattern
        [[ $name != $pattern ]] || return 0
    done <"$2"
    return 1
}

bad=0 patterns=0
while read -r kind pattern; do
    patterns=$((patterns + 1))
    case $kind in
    src:) names=$work/files ;;
    fun:) names=$work/functions ;;
    *) names=/dev/null ;;
    esac
    matches "$pattern" "$names" || {
        echo "$list: the pattern '$kind $pattern' matches nothing" >&2
        bad=1
    }
done < <(grep -vE '^(#|$)' "$list")
((patterns)) || {
    echo "$list: contains no patterns" >&2
    exit 1
}
exit "$bad"
