#!/bin/sh
# embed.sh OUTPUT ARRAY FILE...: writes C code that embeds the files, as an array of CpFakeHostFile (fake-host.h).
set -eu
output=$1 array=$2
shift 2
{
    echo '#include "world/fake-host.h"'
    n=0
    for file; do
        printf '__asm__(".section .rodata\\nfile%d: .incbin \\"%s\\"\\nfile%d_end: .byte 0\\n.previous\\n");\n' "$n" "$file" "$n"
        printf 'extern const char file%d[], file%d_end[];\n' "$n" "$n"
        n=$((n + 1))
    done
    echo "const CpFakeHostFile ${array}[] = {"
    n=0
    for file; do
        printf '    { "%s", file%d, file%d_end },\n' "${file##*/}" "$n" "$n"
        n=$((n + 1))
    done
    echo '    { 0 },'
    echo '};'
} >"$output"
