#!/usr/bin/env bash
# test-unguided.sh LIST FOLDER...: each entry in the list of code that AFL++ does not instrument leaves out a source file or
# a function in one of the folders. One that leaves out nothing would cost speed without being noticed. Files are patterns.
# Functions are patterns for older versions of AFL++ and names for newer ones (from 5.02c on): an entry must leave out the
# same in both.
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

# Each function is a file: so the shell matches all of them at once.
mkdir "$work/names"
(cd "$work/names" && xargs touch) <"$work/functions"

# Prints how many source files the pattern matches. The syntax is that of the shell, as in AFL++.
count_files() {
    local pattern=$1 name n=0
    while IFS= read -r name; do
        # shellcheck disable=SC2053  # the right side is a pattern
        [[ $name != $pattern ]] || n=$((n + 1))
    done <"$work/files"
    echo "$n"
}

complain() {
    echo "$list: the entry '$kind $pattern' $1" >&2
    bad=1
}

bad=0 patterns=0 functions=0 by_name=0
while read -r kind pattern; do
    patterns=$((patterns + 1))
    case $kind in
    src:)
        [[ $(count_files "$pattern") != 0 ]] || complain 'leaves out no file'
        ;;
    fun:)
        n=$(cd "$work/names" && { compgen -G "$pattern" || true; } | wc -l)
        named=$(grep -cxF -- "$pattern" "$work/functions" || true)
        functions=$((functions + n)) by_name=$((by_name + named))
        ((n)) || complain 'leaves out no function'
        ((n == named)) || complain "leaves out $n functions as a pattern, and $named as a name"
        ;;
    *) complain 'is neither src: nor fun:' ;;
    esac
done < <(grep -vE '^(#|$)' "$list")
echo "functions left out: $functions as patterns, $by_name as names"
((patterns)) || {
    echo "$list: contains no patterns" >&2
    exit 1
}
exit "$bad"
