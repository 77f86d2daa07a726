# shellcheck shell=bash
# Chooses the defects of the past that can be put back into a libvirt. To be sourced.

# historic_rows TABLE VERSION: prints the rows of TABLE whose defect libvirt VERSION has no more. The kind of a defect ends
# with the version that mended it. A version that still has the defect needs no edit: targets do not report it there
# (fuzz/known/rows.def).
historic_rows() {
    awk -F '\t' -v version="$2" '
        function number(text, part) {
            split(text, part, ".")
            return 1000000 * part[1] + 1000 * part[2] + part[3]
        }
        /^#/ { next }
        NF > 5 {
            since = $6
            sub(/.* in /, "", since)
            mended[$1] = number(version) >= number(since)
        }
        mended[$1]' "$1"
}
