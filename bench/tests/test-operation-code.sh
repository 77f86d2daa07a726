#!/usr/bin/env bash
# A row of the table of operations without its code is noticed when capprobe is built.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
bench=$(realpath "${0%/*}/..")
cd "$scratch" || exit 99

read -ra flags < <(pkg-config --cflags glib-2.0 json-glib-1.0 libxml-2.0)
mkdir scenario

# EFFECT FILE: compiles a source of the sandbox's init with a table that has a further row, PROOF, of this effect.
compile_with_row() {
    {
        cat "$bench/scenario/operation-table.def"
        [[ $1 == none ]] || printf 'CP_OPERATION(PROOF, "proof", "", %s, ONE, "", "a row without code")\n' "$1"
    } >scenario/operation-table.def
    # The headers beside the table must find this one, so they are copied.
    cp "$bench"/scenario/*.h scenario
    "${CC:-cc}" "${flags[@]}" -std=gnu11 -I. -I"$bench" -c -o object.o "$bench/run/$2"
}

# EFFECT: what is missing at link time.
undefined_with_row() {
    compile_with_row "$1" host/carry-out-operation.c && nm -u object.o | grep -w cp_operate_PROOF
}

does_not_compile() {
    ! compile_with_row "$1" rounds.c 2>errors && cat errors && grep "CP_OP_PROOF.* not handled" errors
}

for file in rounds.c host/carry-out-operation.c; do
    check "$file compiles with the table as it is" compile_with_row none "$file"
done
for effect in MODULES EMULATOR KVM HOST ANY CACHE; do
    check "$effect: a row without its function does not link" undefined_with_row "$effect"
    check "$effect: but compiles" compile_with_row "$effect" rounds.c
done
for effect in PROCESS READ TIME NONE; do
    check "$effect: a row that rounds.c does not handle does not compile" does_not_compile "$effect"
done

done_testing
