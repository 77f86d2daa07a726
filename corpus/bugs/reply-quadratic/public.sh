# shellcheck shell=sh disable=SC2034,SC2154
# An answer has many members.
deadline=100
answer_with() {
    play_with qom-list-properties "$(awk -v n="$1" 'BEGIN { printf "{\"return\": {"; for (i = 0; i < n; i++) printf "%s\"m%d\": 0", i ? ", " : "", i; print "}}" }')"
}
expect_quadratic answer_with 5000
