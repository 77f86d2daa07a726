#!/bin/bash -eu
# Fills $OUT again after a change to the sources: builds only what has changed since build.sh. Needs no network.
exec bash -eu "$SRC/capprobe/fuzz/oss-fuzz/build.sh"
