#!/usr/bin/env bash
# list-tests.sh CORPUS VERSION: prints the tests in the corpus for a version of libvirt, one per line, separated by bars:
# target, name, file, arguments of the replay driver, expected text if it must crash.
set -euo pipefail
corpus=$1 version=$2

# shellcheck source=scripts/bugs.sh
. "$corpus/../scripts/bugs.sh"

# Prints the arguments for an input: one whose name begins with the id of a known defect and two dashes shows that defect, in
# the versions that have it.
arguments_for() {
    local page=$corpus/bugs/${1%%--*}/about.md
    [[ $1 != *--* ]] || ! bug_is_in "$page" "$version" || printf -- '--expect=%s' "${1%%--*}"
}

shopt -s nullglob
for file in "$corpus"/{seeds,regressions}/*/*; do
    directory=${file%/*} target=${file%/*}
    target=${target##*/} kind=${directory%/*}
    printf '%s|%s|%s|%s|\n' "$target" "${kind##*/}/${file##*/}" "$file" "$(arguments_for "${file##*/}")"
done

# capprobe must be able to parse all scenarios.
for file in "$corpus"/scenarios/*.scn "$corpus"/bugs/*/*.scn; do
    printf 'own-scenario|%s|%s||\n' "${file#"$corpus"/}" "$file"
done

# A known defect is expected in the versions it is in, and must be gone in the others. An input may be made for some
# versions, and say nothing about others.
for page in "$corpus"/bugs/*/about.md; do
    id=$(bug_field "$page" id)
    read -r target input < <(bug_shown "$page" target) || continue
    made_for=$(bug_field "$page" made-for)
    [[ " ${made_for:-$version} " == *" $version "* ]] || continue
    crash=$(bug_field "$page" crash)
    expect=--expect=$id
    [[ ! $crash ]] || expect=--provoke
    bug_is_in "$page" "$version" || expect='' crash=''
    printf '%s|%s|%s|%s|%s\n' "$target" "bugs/$id" "${page%/*}/$input" "$expect" "$crash"
    # Without --provoke the crash is avoided, and noted.
    [[ ! $crash ]] || printf '%s|%s|%s|%s|\n' "$target" "bugs/$id-avoided" "${page%/*}/$input" "--expect=$id"
done
