# shellcheck shell=sh disable=SC2034,SC2154
# The path of the emulator is relative.
op_start
op_ask domcapabilities --emulatorbin "${EMULATOR#/}"
expect_said "<path>${EMULATOR#/}</path>"
