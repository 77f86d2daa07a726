#!/usr/bin/env bash
# list-qmp-words.sh SOURCE [--dictionary]: prints the names that libvirt looks for in an emulator's replies, taken from the
# string literals in its source: as C code for input/vocabulary.h, or as a dictionary.
set -euo pipefail
source=$1
# Names in the schema are written as paths, such as blockdev-add/arg-type/+file/drop-cache.
words=$(cat "$source"/src/qemu/qemu_{capabilities,monitor_json}.c | grep -oE '"[A-Za-z0-9_./+*^$!-]+"' | tr -d '"' | tr / '\n' |
    sed 's/^[^[:alnum:]]//' | grep -E '^[A-Za-z0-9_.-]{2,}$' | LC_ALL=C sort -u)
if [[ ${2-} == --dictionary ]]; then
    awk '{ printf "\"%s\"\n", $0 }' <<<"$words"
    exit
fi
echo '#include "input/vocabulary.h"'
echo 'static const char *const words[] = {'
awk '{ printf "    \"%s\",\n", $0 }' <<<"$words"
echo '};'
echo 'const CpVocabulary cp_vocabulary_qmp = { words, sizeof(words) / sizeof(*words) };'
