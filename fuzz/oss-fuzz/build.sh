#!/bin/bash -eu
# Fills $OUT with the targets, as OSS-Fuzz wants it; all else is in scripts/fuzz. With no tree of libvirt in
# $SRC/libvirt it takes the release that the project fuzzes.
cd "$SRC/capprobe"
libvirt=()
[ ! -d "$SRC/libvirt" ] || libvirt=(--src "$SRC/libvirt")
# GLib's idiom is to call a function through a pointer of another type.
[ "$SANITIZER" != undefined ] || export CFLAGS="$CFLAGS -fno-sanitize=function" CXXFLAGS="$CXXFLAGS -fno-sanitize=function"
scripts/fuzz build --flavour environment --to "$WORK/libvirt" --out "$OUT" "${libvirt[@]}"
