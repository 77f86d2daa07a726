#!/bin/bash -eu
# Tests the libvirt in $SRC/libvirt as it is now: builds the targets without engine and sanitizer, and plays their corpus.
# Needs no network, and changes nothing in the sources.
cd "$SRC/capprobe"
# These are for the build with engine and sanitizer.
unset CC CXX CFLAGS CXXFLAGS
libvirt=()
[ ! -d "$SRC/libvirt" ] || libvirt=(--src "$SRC/libvirt")
programs=$(scripts/fuzz build --flavour replay --to "$WORK/tests" "${libvirt[@]}")
played=0
for seeds in corpus/seeds/*; do
    name=${seeds##*/}
    [ -x "$programs/targets/$name" ] || continue
    inputs=("$seeds")
    [ ! -d "corpus/regressions/$name" ] || inputs+=("corpus/regressions/$name")
    # Status 1 says that an input shows a known defect.
    "$programs/targets/$name" --runs 1 "${inputs[@]}" || [ $? = 1 ]
    played=$((played + 1))
done
echo "$played targets have played their corpus"
[ "$played" -gt 0 ]
