#!/usr/bin/env bash
# list-source-words.sh NAME FILE...: prints the words in the string literals of libvirt's source files, such as the names
# that libvirt looks for in an emulator's replies: as C code for input/vocabulary.h, with a list called NAME; or as a
# dictionary if NAME is --dictionary.
set -euo pipefail
name=$1
shift
# Names in the schema are written as paths, such as blockdev-add/arg-type/+file/drop-cache.
words=$(cat "$@" | grep -oE '"[A-Za-z0-9_./+*^$!-]+"' | tr -d '"' | tr / '\n' |
    sed 's/^[^[:alnum:]]//' | grep -E '^[A-Za-z0-9_.-]{2,}$' | LC_ALL=C sort -u)
if [[ $name == --dictionary ]]; then
    awk '{ printf "\"%s\"\n", $0 }' <<<"$words"
    exit
fi
echo '#include "input/vocabulary.h"'
echo 'static const char *const words[] = {'
awk '{ printf "    \"%s\",\n", $0 }' <<<"$words"
echo '};'
echo "const CpVocabulary $name = { words, sizeof(words) / sizeof(*words) };"
