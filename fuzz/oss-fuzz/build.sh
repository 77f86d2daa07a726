#!/bin/bash -eu
# Fills $OUT with the targets, as OSS-Fuzz wants it; all else is in scripts/fuzz. With no tree of libvirt in
# $SRC/libvirt it takes the release that the project fuzzes.
cd "$SRC/capprobe"
libvirt=()
[ ! -d "$SRC/libvirt" ] || libvirt=(--src "$SRC/libvirt")
scripts/fuzz build --flavour environment --out "$OUT" "${libvirt[@]}"
