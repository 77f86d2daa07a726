#!/usr/bin/env bash
# Formatting, shell scripts, licences, and who may include whom.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "${0%/*}/../.." || exit 99

# PATTERN...: prints our files that are there, one per line.
our_files() {
    local file
    git ls-files -co --exclude-standard -- "$@" | while IFS= read -r file; do
        [[ ! -f $file ]] || printf '%s\n' "$file"
    done
}

# EXPRESSION: of the files on standard input, prints those whose first line matches.
with_first_line() {
    # shellcheck disable=SC2016  # for awk
    tr '\n' '\0' | xargs -0 awk -v expression="$1" 'FNR == 1 && $0 ~ expression { print FILENAME }'
}

mapfile -t sources < <(our_files '*.c' '*.h')
mapfile -t scripts < <(our_files | with_first_line '^#!.*bash|shellcheck shell=')

# Prints the lines of may-include.txt that hold a folder.
allowances() {
    grep -vE '^(#|$)' bench/tests/may-include.txt
}

# Prints the folder in which a file of FOLDER finds HEADER: libvirt's headers are in none of ours.
folder_of_header() {
    local folder=$1 header=$2 half
    for half in "${folder%%/*}/" bench/ ""; do
        if [[ -f $half$header ]]; then
            dirname "$half$header"
            return
        fi
    done
    echo libvirt
}

# The list itself: every folder exists, holds sources, and names only folders above it.
list_is_sound() {
    local folder allowed other above=' libvirt ' bad=0
    while IFS=: read -r folder allowed; do
        compgen -G "$folder/*.[ch]" >/dev/null || { echo "may-include.txt: $folder holds no sources" && bad=1; }
        for other in $allowed; do
            [[ $above == *" $other "* ]] || { echo "may-include.txt: $folder names $other, which is not above it" && bad=1; }
        done
        above+="$folder "
    done < <(allowances)
    return "$bad"
}

# No file includes from a folder that the list does not grant to it.
includes_are_allowed() {
    local file header folder target bad=0
    declare -A granted=()
    while IFS=: read -r folder target; do
        granted[$folder]=" $folder $target "
    done < <(allowances)
    while IFS=: read -r file header; do
        folder=${file%/*}
        [[ $header != @(config|*-script|*-source|report-style).h ]] || continue
        target=$(folder_of_header "$folder" "$header")
        [[ ${granted[$folder]-} == *" $target "* ]] || { echo "$file includes $header: $folder may not include from $target" && bad=1; }
    done < <(git ls-files -co --exclude-standard -- '*.c' '*.h' | grep -v '/tests/' |
        xargs grep -Ho '^#include "[^"]*"' | sed -E 's/:#include "/:/; s/"$//')
    return "$bad"
}

licensed() {
    local all=("${sources[@]}" bench/scenario/operation-table.def)
    diff <(printf '%s\n' "${all[@]}" | with_first_line '^/[*] SPDX-License-Identifier: LGPL-2[.]1-or-later [*]/$') <(printf '%s\n' "${all[@]}")
}

# No file of ours is long: data, and texts that are not ours, aside.
files_are_short() {
    local lines file bad=0
    while read -r lines file; do
        ((lines <= 400)) || { echo "$file has $lines lines, expected 400 or fewer" && bad=1; }
    done < <(our_files ':!LICENSE' ':!corpus/seeds' ':!corpus/regressions' ':!corpus/bugs/*/input.*' ':!docs/man' | tr '\n' '\0' | xargs -0 -n 1000 wc -l |
        grep -v ' total$')
    return "$bad"
}

# Instrumented builds would not see what such a process has lost or run. first-line.c says why it is no matter there.
no_bare_exit() {
    ! git grep --untracked -nE '\b(_exit|_Exit|quick_exit)\(' -- 'bench/*.c' ':!bench/tests' ':!bench/base/process-end.c' ':!bench/run/first-line.c'
}

check 'processes end by exit() or cp_process_end()' no_bare_exit
check 'clang-format' clang-format --dry-run -Werror "${sources[@]}"
# One process per CPU: following each script's sources takes most of the time of this test.
shell_scripts_are_clean() {
    printf '%s\0' "${scripts[@]}" | xargs -0 -n 4 -P "$(nproc)" shellcheck -x
}
check 'shellcheck' shell_scripts_are_clean
check 'every source names its licence' licensed
check 'the list of who may include whom is sound' list_is_sound
check 'no file includes what its folder may not' includes_are_allowed
check 'no file but the manual is over 400 lines' files_are_short
check 'ClusterFuzzLite builds where OSS-Fuzz does' cmp fuzz/oss-fuzz/Dockerfile .clusterfuzzlite/Dockerfile

done_testing
