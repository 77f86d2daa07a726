#!/usr/bin/env bash
# The command line: help that teaches, errors that say what to do, pipes that close.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

says() {
    local text=$1
    shift
    "$@" 2>&1 | grep -F -- "$text"
}

check 'help lists every verb' bash -c 'for verb in bench replay judge show ops doctor; do "$CAPPROBE" --help | grep -q "^  $verb " || exit 1; done'
for verb in bench replay judge show ops doctor; do
    check "$verb --help" says "capprobe $verb [OPTION…]" "$CAPPROBE" "$verb" --help
    check_exit "$verb: a wrong option" 254 "$CAPPROBE" "$verb" --no-such-option
done
check_exit 'no verb' 254 "$CAPPROBE"
check_exit 'an unknown verb' 254 "$CAPPROBE" no-such-verb
check 'a wrong suite' refuses '--suite none: expected quick, standard or all' "$CAPPROBE" bench --suite none
check 'no rounds' refuses '--rounds 0: expected' "$CAPPROBE" bench --rounds 0
check 'an output folder that is not there' refuses 'no-such-folder/result.json: cannot be written' "$CAPPROBE" bench --output no-such-folder/result.json
check 'ops lists every step that the corpus takes' bash -c '
    "$CAPPROBE" ops >ops
    sed "s/#.*//" "$CORPUS"/scenarios/*.scn "$CORPUS"/bugs/*/repro.scn | awk "NF && \$1 != \"}\" { print \$1 }" | sort -u |
        while read -r word; do grep -q "^$word " ops || { echo "$word"; exit 1; }; done'
check 'a pipe that closes' bash -c '"$CAPPROBE" ops | head -n 1'
done_testing
