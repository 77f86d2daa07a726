#!/bin/sh
# Stands in for capprobe-client beside the unit tests: does what the made-up libvirt says that capprobe has chosen.
exec /bin/sh "${LD_LIBRARY_PATH-/nonexistent}/client"
