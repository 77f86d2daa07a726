#!/usr/bin/env bash
# test-check-build.sh: a directory of small targets, each wrong in one way; scripts/fuzz check-build finds what is wrong
# with each, and nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Enough branches and accesses to memory for a target that counts as instrumented.
big() {
    printf '#include <stddef.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n'
    printf 'volatile int sum;\nint LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)\n{\n'
    printf '    volatile unsigned char copy[4096];\n    for (size_t n = 0; n < size && n < sizeof(copy); n++)\n        copy[n] = data[n];\n'
    printf '    if (size >= 5 && !memcmp(data, "CRASH", 5))\n        abort();\n'
    printf '    %s\n' "$1"
    for ((n = 0; n < ${2:-1200}; n++)); do
        printf '    if (size > %d)\n        sum += copy[sum %% 4000 + %d];\n' $((n % 200 + 4)) $((n % 90))
    done
    printf '    return 0;\n}\n'
}

build() {
    local name=$1
    shift
    clang -O1 -g1 -w -fsanitize=fuzzer,address -static-libstdc++ "$@" -o "$out/$name"
}

# Puts beside the target NAME all that belongs to it.
complete() {
    local name=$1
    printf '"word"\n' >"$out/$name.dict"
    printf '[libfuzzer]\nmax_len = 4096\n' >"$out/$name.options"
    (cd "$out" && printf seed >seed && zip -q "${name}_seed_corpus.zip" seed && rm seed)
}

# What is wrong with each, as "TARGET: check".
expected() {
    sort <<END
bad-dict: bad-dict.dict
bad-dict: four runs
bad-dict: instrumented edges
bad-options: bad-options.options
bad-options: options
crashing-seed: seeds
empty-zip: empty-zip_seed_corpus.zip
host-library: libraries that the runner lacks
host-path: where libraries are looked for
in.name: name
needs-home: four runs
needs-home: seeds
needs-place: four runs
needs-place: seeds
no-files: four runs
no-files: instrumented edges
no-files: no-files.dict
no-files: no-files.options
no-files: no-files_seed_corpus.zip
no-files: seeds
small: asan
small: instrumented edges
END
}

check() {
    local status=0
    scripts/fuzz check-build --out "$out" >"$out.log" || status=$?
    if ((status == 125)); then
        exit 77
    fi
    sed -nE 's/^FAILED +([^:]+: [^:]+):.*/\1/p' "$out.log" | sort
}

big '' | build good -xc -
for name in bad-dict bad-options crashing-seed empty-zip in.name no-files; do
    cp "$out/good" "$out/$name"
done
big '' 20 | build small -xc -
big 'FILE *file = fopen("/var/capprobe-test", "w"); if (!file) abort(); fclose(file);' | build needs-home -xc -
big "FILE *file = fopen(\"$out/good\", \"r\"); if (!file) abort(); fclose(file);" | build needs-place -xc -
big '' | build host-path -xc - -Wl,-rpath,/usr/local/lib
big '' | build host-library -xc - -Wl,--no-as-needed -lz
for name in good small needs-home needs-place host-path host-library bad-dict bad-options crashing-seed empty-zip in.name; do
    complete "$name"
done
echo 'word' >"$out/bad-dict.dict"
printf '[libfuzzer]\nno_such_option = 1\nno line\n' >"$out/bad-options.options"
(cd "$out" && printf CRASH >seed && zip -q crashing-seed_seed_corpus.zip seed && rm seed && : >seed && rm empty-zip_seed_corpus.zip &&
    zip -q empty-zip_seed_corpus.zip seed && rm seed)

export FUZZING_ENGINE=libfuzzer SANITIZER=address
found=$(check)
diff <(expected) <(printf '%s\n' "$found")
# It is only said to be wrong where it is.
! grep -q 'FAILED  good:' "$out.log"

# The same targets, taken for what they are not.
mkdir "$out/others"
mv "$out"/* "$out/others/" 2>/dev/null || true
mv "$out"/others/good* "$out/"
rm -rf "$out/others"
diff <(printf 'good: asan\ngood: ubsan\n') <(SANITIZER=undefined check)
diff <(printf 'good: asan\ngood: msan\n') <(SANITIZER=memory check)
diff <(printf 'good: machine\n') <(ARCHITECTURE=aarch64 check)
if command -v afl-fuzz >/dev/null; then
    diff <(printf 'good: AFL++ starts\ngood: good.dict\ngood: instrumented edges\n') <(FUZZING_ENGINE=afl check)
fi
rm -f "$out.log"
