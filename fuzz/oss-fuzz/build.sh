#!/bin/bash -eu
# Fills $OUT with the fuzz targets, as OSS-Fuzz expects. Without a source tree in $SRC/libvirt, builds the default release
# of scripts/fuzz.
cd "$SRC/capprobe"
libvirt=()
[ ! -d "$SRC/libvirt" ] || libvirt=(--src "$SRC/libvirt")
# GLib calls functions through pointers of other types, which -fsanitize=function would report.
[ "$SANITIZER" != undefined ] || export CFLAGS="$CFLAGS -fno-sanitize=function" CXXFLAGS="$CXXFLAGS -fno-sanitize=function"
scripts/fuzz build --flavour environment --to "$WORK/libvirt" --out "$OUT" "${libvirt[@]}"
