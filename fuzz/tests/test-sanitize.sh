#!/usr/bin/env bash
# What a campaign keeps is played through programs with sanitizers: each content once, and what they find is a finding of
# the campaign. Options of AFL++ that its version does not have are not used.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "${0%/*}/../.." || exit 99

campaign=$scratch/campaigns/own-toy-afl
mkdir -p "$campaign"/sync/{main,second}/queue/.state "$scratch"/{asan,msan}/targets "$scratch/bin"

# A program that says what a sanitizer says if it meets a word; each input is noted.
cat >"$scratch/program" <<'END_OF_PROGRAM'
#!/bin/bash
status=0
for file in "${@:3}"; do
    echo "$file" >>"$0.inputs"
    ! grep -q leak "$file" || { echo 'SUMMARY: AddressSanitizer: 8 byte(s) leaked' && status=1; }
    ! grep -q known "$file" || { echo 'shows the known defect x' && status=1; }
    ! grep -q crash "$file" || exit 134
done
exit $status
END_OF_PROGRAM
chmod +x "$scratch/program"
cp "$scratch/program" "$scratch/asan/targets/own-toy"
cp "$scratch/program" "$scratch/msan/targets/own-toy"

# Runs COMMAND with the functions of scripts/fuzz run.
within() {
    SCRATCH=$scratch CAMPAIGN=$campaign PATH=$scratch/bin:$PATH bash -c '
        set -euo pipefail
        . fuzz/verbs/common.sh
        . fuzz/verbs/sanitize.sh
        target=own-toy
        sanitizers=(asan "$SCRATCH/asan" msan "$SCRATCH/msan")
        eval "$1"' within "$1"
}

keep() {
    printf '%s\n' "$2" >"$campaign/sync/$1"
}

# Passes if the COMMAND prints TEXT.
check_prints() {
    local name=$1 expected=$2
    shift 2
    check "$name" prints "$expected" "$@"
}

prints() {
    local expected=$1 text
    shift
    text=$("$@")
    [[ $text == "$expected" ]] || { printf 'printed: %s\nexpected: %s\n' "$text" "$expected" && return 1; }
}

keep main/queue/1 well
keep second/queue/1 well
keep main/queue/2 leak
keep main/queue/3 known
keep second/queue/2 crash
keep main/queue/.state/x crash-of-the-engine

check_prints 'each content is played once' 'asan: 4 new inputs played
msan: 4 new inputs played' within 'sanitize_queue "$CAMPAIGN"'
check_prints 'what a sanitizer finds is found by the campaign, and what is known is not' 'crash crash leak leak' \
    within 'found_by "$CAMPAIGN" | xargs cat | sort | xargs'
check 'files of the engine are not played' bash -c '! grep -q state "$1"' - "$scratch/asan/targets/own-toy.inputs"
keep second/queue/3 'another leak'
: >"$scratch/asan/targets/own-toy.inputs"
check_prints 'later, only what is new is played' 'asan: 1 new inputs played
msan: 1 new inputs played' within 'sanitize_queue "$CAMPAIGN"'
check 'and nothing else' test "$(wc -l <"$scratch/asan/targets/own-toy.inputs")" = 1
check_prints 'and is found' 6 within 'found_by "$CAMPAIGN" | wc -l'

# Whether AFL++ of VERSION has what came with each of the versions.
has() {
    printf '#!/bin/sh\nprintf "\\033[0;36mafl-fuzz++%s\\033[0m based on afl\\n"\nexit 1\n' "$1" >"$scratch/bin/afl-fuzz"
    chmod +x "$scratch/bin/afl-fuzz"
    within 'for version in 4.09c 4.31c; do afl_has "$version" && echo yes || echo no; done | xargs'
}

check_prints 'AFL++ 4.04c' 'no no' has 4.04c
check_prints 'AFL++ 4.09c' 'yes no' has 4.09c
check_prints 'AFL++ 4.21c' 'yes no' has 4.21c
check_prints 'AFL++ 4.31c' 'yes yes' has 4.31c
check_prints 'AFL++ 5.02c' 'yes yes' has 5.02c

done_testing
