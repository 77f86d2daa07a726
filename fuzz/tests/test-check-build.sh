#!/usr/bin/env bash
# Tests scripts/fuzz check-build: of small targets and scripts that are each wrong in one way, it reports just that.
# shellcheck disable=SC2016  # commands for other shells
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
all=$scratch/all good=$scratch/good
mkdir "$all" "$good"
cc=(clang -O1 -g1 -w '-fsanitize=fuzzer-no-link,address')

# Prints the source of a target with COUNT accesses to memory, each behind a branch.
target() {
    local n
    printf '#include <stdlib.h>\n#include <string.h>\nvoid start(void);\nvolatile int sum;\n'
    printf 'int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)\n{\n    volatile unsigned char copy[300] = "";\n'
    printf '    start();\n    if (size == 5 && !memcmp(data, "CRASH", 5))\n        abort();\n'
    for ((n = 0; n < $1; n++)); do
        printf '    if (size > %d)\n        sum += copy[sum %% 100 + %d];\n' $((n % 200 + 4)) $((n % 90))
    done
    printf '    return 0;\n}\n'
}

# Links NAME from the object FILE; the target runs the statement START first.
link() {
    local name=$1 file=$2 start=$3
    shift 3
    printf '#include <stdio.h>\n#include <stdlib.h>\nvoid start(void)\n{\n    FILE *file;\n    %s\n}\n' "$start" |
        "${cc[@]}" -fsanitize=fuzzer -static-libstdc++ "$file" -xc - -o "$all/$name" "$@"
}

# Writes dictionary, options and seeds of NAME, with CONTENT as the only seed.
complete() {
    local name=$1 content=$2
    printf '"word"\n' >"$all/$name.dict"
    printf '[libfuzzer]\nmax_len = 4096\n' >"$all/$name.options"
    printf %s "$content" >"$scratch/seed"
    zip -qj "$all/${name}_seed_corpus.zip" "$scratch/seed"
}

target 1200 | "${cc[@]}" -c -xc - -o "$scratch/large.o"
target 1200 | "${cc[@]}" -fno-sanitize=address -c -xc - -o "$scratch/plain.o"
target 20 | "${cc[@]}" -c -xc - -o "$scratch/small.o"
link good "$scratch/large.o" ''
link plain "$scratch/plain.o" '' -fno-sanitize=address
link small "$scratch/small.o" ''
link as.tray "$scratch/large.o" '' -Wl,-rpath,/usr/local/lib -Wl,--no-as-needed -lz
link writes "$scratch/large.o" 'if (!(file = fopen("/var/tmp/capprobe-test", "w"))) abort(); fclose(file);'
link reads-build "$scratch/large.o" "if (!(file = fopen(\"$all/good\", \"r\"))) abort(); fclose(file);"
for name in bad-dict bad-options no-files; do
    cp "$all/good" "$all/$name"
done
for name in good plain small writes reads-build bad-dict; do
    complete "$name" seed
done
complete as.tray ''
complete bad-options CRASH
echo word >"$all/bad-dict.dict"
printf '[libfuzzer]\nno_such_option = 1\nno line\n' >"$all/bad-options.options"
cp "$all"/good* "$good/"

# Prints the failed checks in DIRECTORY as "TARGET: CHECK".
wrongs() {
    local status=0
    scripts/fuzz check-build --out "$1" >"$scratch/log" || status=$?
    sed -nE 's/^FAILED +([^:]+: [^:]+):.*/\1/p' "$scratch/log" | sort
    ((status <= 1)) || echo "status $status"
}

export FUZZING_ENGINE=libfuzzer SANITIZER=address
if scripts/fuzz check-build --out "$good" >/dev/null || (($? != 125)); then :; else exit 77; fi
diff <(wrongs "$all") <(sort <<END
as.tray: as.tray_seed_corpus.zip
as.tray: libraries missing on the runner
as.tray: library search path
as.tray: name
bad-dict: bad-dict.dict
bad-dict: four runs
bad-dict: instrumented edges
bad-options: bad-options.options
bad-options: options
bad-options: seeds
no-files: four runs
no-files: instrumented edges
no-files: no-files.dict
no-files: no-files.options
no-files: no-files_seed_corpus.zip
no-files: seeds
plain: asan
reads-build: four runs
reads-build: seeds
small: instrumented edges
writes: four runs
writes: seeds
END
)

# A good target with a wrong SANITIZER or ARCHITECTURE. The number of calls to UBSan differs between compilers.
diff <(SANITIZER=undefined wrongs "$good" | grep -v ubsan) <(printf 'good: %s\n' asan)
diff <(SANITIZER=memory wrongs "$good") <(printf 'good: %s\n' asan msan)
diff <(ARCHITECTURE=aarch64 wrongs "$good") <(printf 'good: %s\n' machine)
if command -v afl-fuzz >/dev/null; then
    diff <(FUZZING_ENGINE=afl wrongs "$good") <(printf 'good: %s\n' 'AFL++ starts' good.dict 'instrumented edges')
fi

# Scripts that OSS-Fuzz runs after a build, each wrong in one way.
scripts=$scratch/scripts src=$scratch/src
mkdir -p "$scripts" "$src/tree" "$scratch/work"
git -C "$src/tree" init -q
echo source >"$src/tree/file"
git -C "$src/tree" add file
echo '[ "$(grep -c : /proc/net/dev)" = 1 ]' >"$scripts/good"
echo 'exit 3' >"$scripts/fails"
echo 'echo changed >>"$SRC/tree/file"' >"$scripts/changes"
echo 'echo new >"$SRC/tree/made"' >"$scripts/makes"

# Prints the failed checks of the scripts as "SCRIPT: CHECK".
wrong_scripts() {
    SCRIPTS=$scripts SCRATCH=$scratch bash -c '
        set -euo pipefail
        . fuzz/verbs/check-build.sh
        bad=0 oss_fuzz=$SCRIPTS
        for script in good fails changes makes; do
            check_script "$script" "$SCRATCH/src" "$SCRATCH/work" "$SCRATCH/out"
        done' | sed -nE 's/^FAILED +([^:]+: [^:]+):.*/\1/p'
}
# What git does not track may appear, such as a folder with a build.
diff <(wrong_scripts) <(printf '%s\n' 'fails: without network' 'changes: sources as before')
