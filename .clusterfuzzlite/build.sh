#!/bin/bash -eu
exec "$SRC/capprobe/fuzz/oss-fuzz/build.sh"
