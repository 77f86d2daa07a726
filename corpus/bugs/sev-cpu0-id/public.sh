# shellcheck shell=sh disable=SC2034,SC2154
# QEMU tells the identifier of an SEV host's first processor.
play_with qom-list-types '{"return": [{"name": "tcg-accel"}, {"name": "sev-guest"}]}' \
    query-sev-capabilities '{"return": {"pdh": "UERI", "cert-chain": "Q0hBSU4=", "cpu0-id": "SUQ=", "cbitpos": 47, "reduced-phys-bits": 1}}'
op_start
op_ask nodesevinfo
grep 'cpu0-id *: SUQ=' /run/answer || cannot 'libvirt does not say it before a restart either'
op_restart
op_ask nodesevinfo
! grep cpu0-id /run/answer
defect 'the identifier is gone after a restart'
