# shellcheck shell=sh disable=SC2034,SC2154
# QEMU tells a long identifier of an SEV host's first processor.
play_with qom-list-types '{"return": [{"name": "tcg-accel"}, {"name": "sev-guest"}]}' \
    query-sev-capabilities "{\"return\": {\"pdh\": \"\", \"cert-chain\": \"\", \"cpu0-id\": \"$(letters 200000 A)\", \"cbitpos\": 47, \"reduced-phys-bits\": 1}}"
op_start
expect_leak 200
