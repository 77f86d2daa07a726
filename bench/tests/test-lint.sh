#!/usr/bin/env bash
# Formatting, shell scripts, licences, and who may include whom.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "${0%/*}/../.." || exit 99

mapfile -t sources < <(git ls-files -co --exclude-standard -- '*.c' '*.h')
mapfile -t scripts < <(git ls-files -co --exclude-standard | while read -r file; do
    [[ -f $file ]] && head -n 1 "$file" | grep -qE '^#!.*bash|shellcheck shell=' && printf '%s\n' "$file"
done)

# A file includes from its own floor or from one before it.
floors=(base scenario history run judge measure show verbs)
layering() {
    local bad=0 i j
    for ((i = 0; i < ${#floors[@]}; i++)); do
        for ((j = i + 1; j < ${#floors[@]}; j++)); do
            grep -Hn "#include \"${floors[j]}/" bench/"${floors[i]}"/*.[ch] && bad=1
        done
    done
    # What is judged and shown must not depend on how it was run.
    grep -Hn '#include "run/' bench/{judge,measure,show}/*.[ch] && bad=1
    return "$bad"
}

licensed() {
    local file bad=0
    for file in "${sources[@]}" bench/scenario/operation-table.def; do
        head -n 1 "$file" | grep -qxF '/* SPDX-License-Identifier: LGPL-2.1-or-later */' || { echo "$file" && bad=1; }
    done
    return "$bad"
}

check 'clang-format' clang-format --dry-run -Werror "${sources[@]}"
check 'shellcheck' shellcheck -x "${scripts[@]}"
check 'every source names its licence' licensed
check 'floors include only from those before them' layering
check 'ClusterFuzzLite builds where OSS-Fuzz does' cmp fuzz/oss-fuzz/Dockerfile .clusterfuzzlite/Dockerfile

done_testing
