#!/usr/bin/env bash
# The documents name only files that exist.
# shellcheck disable=SC2016  # backquotes as Markdown has them
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "${0%/*}/../.." || exit 99

shopt -s nullglob
documents=(*.md docs/*.md corpus/bugs/README.md corpus/bugs/*/about.md)

# Every link of DOCUMENT to a file of the project leads to one; so does a link to a heading of such a file.
links_lead_somewhere() {
    local document=$1 link file heading bad=0
    while IFS= read -r link; do
        [[ $link != *://* ]] || continue
        file=${link%%#*} heading=${link#"${link%%#*}"}
        file=${file:+$(dirname "$document")/$file}
        : "${file:=$document}"
        [[ -e $file ]] || { echo "$document: $link leads to nothing" && bad=1 && continue; }
        [[ ! $heading ]] || headings_of "$file" | grep -qxF -- "$heading" || { echo "$document: $file has no heading $heading" && bad=1; }
    done < <(grep -oE '\]\([^)]+\)' "$document" | sed -E 's/^\]\((.*)\)$/\1/')
    return "$bad"
}

# Prints the headings of FILE as links name them.
headings_of() {
    sed -nE 's/^#+ //p' "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 -]//g; s/ /-/g; s/^/#/'
}

# Every path of the source tree between backquotes exists, unless words in capitals or '*' stand for a part of it.
paths_exist() {
    local document=$1 path bad=0
    while IFS= read -r path; do
        [[ -e $path ]] || { echo "$document: there is no $path" && bad=1; }
    done < <(grep -oE '`(bench|fuzz|corpus|docs|scripts)/[^` ]*`' "$document" | tr -d '`' | grep -vE '[A-Z]{2}|\*')
    return "$bad"
}

for document in "${documents[@]}"; do
    check "$document: links" links_lead_somewhere "$document"
    check "$document: paths" paths_exist "$document"
done

printf 'See [there](none.md), [here](README.md#none) and `bench/none.c`.\n' >"$scratch/bad.md"
touch "$scratch/README.md"
refuses_bad() {
    local said
    ! said=$("$1" "$scratch/bad.md") || return 1
    printf '%s\n' "$said"
    [[ $(wc -l <<<"$said") == "$2" ]]
}
check 'links that lead to nothing are noticed' refuses_bad links_lead_somewhere 2
check 'paths that do not exist are noticed' refuses_bad paths_exist 1

# What does not count as part of the state is listed in the program and in the manual.
ignored_in_code() {
    sed -n '/^static const char \*const ignored\[\]/,/};/p' "$SOURCE/bench/run/host/changes.c" | grep -o '"/[^"]*"' | tr -d '"'
}
ignored_in_manual() {
    sed -n '/^Below these paths only libraries/,/ \.$/s/^\.IR \([^ ]*\) [,.]$/\1/p' "$SOURCE/docs/man/capprobe-scenario.5.in" | sed 's/\\-/-/g'
}
same_ignored_paths() {
    [[ $(ignored_in_code) ]] && diff <(ignored_in_code) <(ignored_in_manual)
}
check 'the manual lists what does not count as part of the state' same_ignored_paths

done_testing
