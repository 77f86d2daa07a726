# shellcheck shell=sh disable=SC2034,SC2154
# The cache file has data of many leaves of the CPU.
deadline=100
leaves() {
    play_with
    edit_after_read '/<\/qemuCaps>/ {
        print "<cpudata arch=\"x86\">"
        for (i = 1; i <= n; i++) printf "<cpuid eax_in=\"0x%x\" ecx_in=\"0x0\" eax=\"0x1\" ebx=\"0x0\" ecx=\"0x0\" edx=\"0x0\"/>\n", i
        print "</cpudata>"
    } { print }' "$1"
}
expect_quadratic leaves 1500
