# shellcheck shell=bash
# The Test Anything Protocol for shell tests. To be sourced; the environment names what is tested:
#   CAPPROBE  the program      CORPUS  the corpus
#
#   check NAME COMMAND...          passes if the command does
#   check_exit NAME STATUS COMMAND...
#   skip NAME REASON
#   done_testing                   to be called last
#
# Tests run in a scratch folder of their own, which is removed at the end: $scratch.

set -uo pipefail

tests=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

result() {
    ((++tests))
    printf '%s %d - %s\n' "$1" "$tests" "$2"
}

check() {
    local name=$1
    shift
    if "$@" >"$scratch/.output" 2>&1; then
        result ok "$name"
    else
        result 'not ok' "$name"
        printf '# %s\n' "$*"
        sed 's/^/# /' "$scratch/.output"
    fi
}

has_exit() {
    local wanted=$1 status=0
    shift
    "$@" || status=$?
    ((status == wanted)) || { printf 'exit status %d, expected %d\n' "$status" "$wanted" && return 1; }
}

check_exit() {
    local name=$1
    shift
    check "$name" has_exit "$@"
}

skip() {
    result ok "$1 # SKIP $2"
}

# NAME TEXT COMMAND...: exits with 254, prints nothing on standard output, and on standard error one line that has TEXT.
refuses() {
    local text=$1 status=0 message
    shift
    message=$("$@" 2>&1 >"$scratch/.stdout") || status=$?
    printf '%s\n' "$message"
    ((status == 254)) || { printf 'exit status %d, expected 254\n' "$status" && return 1; }
    [[ ! -s $scratch/.stdout ]] || { printf 'something on standard output\n' && return 1; }
    [[ $(wc -l <<<"$message") == 1 ]] || { printf 'not one line\n' && return 1; }
    [[ $message == *"$text"* ]] || { printf 'expected: %s\n' "$text" && return 1; }
}

done_testing() {
    printf '1..%d\n' "$tests"
}
