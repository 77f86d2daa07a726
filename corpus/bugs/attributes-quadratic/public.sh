# shellcheck shell=sh disable=SC2034,SC2154
# The cache file has an element with many attributes.
deadline=100
attributes() {
    play_with
    edit_after_read '/<arch>/ {
        printf "<package"
        for (i = 0; i < n; i++) printf " a%d=\"\"", i
        print "/>"
    } { print }' "$1"
}
expect_quadratic attributes 3000
