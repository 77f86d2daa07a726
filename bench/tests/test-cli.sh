#!/usr/bin/env bash
# The command line: help, messages that say what to do, standard output that cannot be written.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

says() {
    local text=$1
    shift
    "$@" 2>&1 | grep -F -- "$text"
}

# Both calls, each in one word, print the same.
same_output() {
    # shellcheck disable=SC2086  # words
    diff <("$CAPPROBE" $1) <("$CAPPROBE" $2)
}

# STATUS TEXT COMMAND...: exits with the status and prints one line on standard error, which has TEXT, or nothing if TEXT is empty.
fails() {
    local wanted=$1 text=$2 status=0
    shift 2
    "$@" 2>errors || status=$?
    cat errors
    ((status == wanted)) || { printf 'exit status %d, expected %d\n' "$status" "$wanted" && return 1; }
    [[ $(wc -l <errors) == "${text:+1}" || -z $text && ! -s errors ]] || { printf 'expected one line\n' && return 1; }
    [[ $(<errors) == *"$text"* ]] || { printf 'expected: %s\n' "$text" && return 1; }
}

# Standard output: a full disk, a closed descriptor, a pipe that nobody reads.
to_full() { "$@" >/dev/full; }
to_closed() { "$@" >&-; }
to_broken_pipe() (
    # shellcheck disable=SC2094  # opened for reading so that opening it for writing does not wait
    exec 3<>pipe 4>pipe 3>&-
    "$@" >&4
)
mkfifo pipe

commands=(bench ab replay repro judge compare show report history modules check ops doctor sandbox)
check 'help lists every command' bash -c 'for command; do "$CAPPROBE" --help | grep -q "^  $command " || exit 1; done' bash "${commands[@]}" help
check 'help is the same as --help' same_output help --help
for command in "${commands[@]}"; do
    check "$command --help" says "capprobe $command [OPTION…]" "$CAPPROBE" "$command" --help
    check "$command --help has examples" says $'\nExamples:\n  capprobe'" $command" "$CAPPROBE" "$command" --help
    check "help $command" same_output "help $command" "$command --help"
    check_exit "$command: a wrong option" 254 "$CAPPROBE" "$command" --no-such-option
    check "$command: the message for a wrong option" refuses "$command: Unknown option --no-such-option; 'capprobe help $command' lists the options" \
        "$CAPPROBE" "$command" --no-such-option
done
check_exit 'no command' 254 "$CAPPROBE"
check_exit 'an unknown command' 254 "$CAPPROBE" no-such-command
check 'the message for no command' refuses "expected a command; 'capprobe help' lists all commands" "$CAPPROBE"
check 'the message for an unknown command' refuses "unknown command 'no-such-command'" "$CAPPROBE" no-such-command
check 'help for an unknown command' refuses "unknown command 'no-such-command'" "$CAPPROBE" help no-such-command
check 'help for two commands' refuses 'expected at most one command, but got 2' "$CAPPROBE" help bench judge
check 'an argument too many' refuses "ops: unexpected argument 'x'" "$CAPPROBE" ops x
check 'an argument too few' refuses 'judge: expected one argument, HISTORY, but got 0' "$CAPPROBE" judge
check '--version' says 'capprobe 0.' "$CAPPROBE" --version

check 'a wrong suite' refuses '--suite none: expected quick, standard or all' "$CAPPROBE" bench --suite none
check 'no rounds' refuses '--rounds 0: expected' "$CAPPROBE" bench --rounds 0
printf 'start\nread\n' >a.scn
for rounds in 0 100001 99999999999999999999 -1 x ''; do
    check "bench --rounds '$rounds'" refuses "--rounds $rounds: expected a number from 1 to 100000" "$CAPPROBE" bench --scenario a.scn --rounds "$rounds"
    check "replay --rounds '$rounds'" refuses "--rounds $rounds: expected a number from 1 to 100000" "$CAPPROBE" replay a.scn --rounds "$rounds"
done
for seed in -1 4294967296 x; do
    check "--seed $seed" refuses "--seed $seed: expected a number from 0 to 4294967295" "$CAPPROBE" replay a.scn --seed "$seed"
done
for deadline in 5 0ms 3601s x; do
    check "--deadline $deadline" refuses "--deadline $deadline: expected a duration with its unit, from 1ms to 3600s" "$CAPPROBE" replay a.scn --deadline "$deadline"
done
for shard in 0/2 3/2 1 1/0 a/b 1/2/3 1/1001 ''; do
    check "--shard '$shard'" refuses "--shard $shard: expected I/N, with I from 1 to N" "$CAPPROBE" repro --all --shard "$shard"
done
check 'an unknown defect' refuses "unknown defect 'none'; 'capprobe repro' lists all" "$CAPPROBE" repro none
check 'a defect and --all' refuses "--all: expected no ID, but got 'same-second'" "$CAPPROBE" repro same-second --all
check 'a defect and --shard' refuses "--shard: expected no ID, but got 'same-second'" "$CAPPROBE" repro same-second --shard 1/2
check 'two defects' refuses 'repro: expected at most one argument, [ID], but got 2' "$CAPPROBE" repro same-second mtime-kept
check 'no folder to keep things in' refuses '--keep none: expected a folder that exists' "$CAPPROBE" repro same-second --keep none
check 'an export of all' refuses '--export needs the ID of a defect' "$CAPPROBE" repro --all --export x
check 'an explanation of all' refuses '--explain needs the ID of a defect' "$CAPPROBE" repro --all --explain
check 'a patch of all' refuses '--patch needs the ID of a defect' "$CAPPROBE" repro --all --patch x
check 'a source without a patch' refuses '--src needs --patch' "$CAPPROBE" repro same-second --src x
check 'a patch that is not there' refuses "the patch '$scratch/none' cannot be read" "$CAPPROBE" repro same-second --patch none
check 'assets without an export' refuses '--assets needs --export' "$CAPPROBE" repro same-second --assets
check 'an unknown format of repro' refuses '--format xml: expected text, json or junit' "$CAPPROBE" repro --all --format xml
check 'a list as JUnit' refuses '--format junit: expected text, json; or junit with an ID or --all' "$CAPPROBE" repro --format junit
check 'repro --rounds 0' refuses '--rounds 0: expected a number from 1 to 1000' "$CAPPROBE" repro same-second --rounds 0
check_exit '--exit plain' 125 "$CAPPROBE" doctor --emulator "$scratch/missing" --exit plain
check_exit '--exit test' 77 "$CAPPROBE" doctor --emulator "$scratch/missing" --exit test
check_exit '--exit nagios' 3 "$CAPPROBE" doctor --emulator "$scratch/missing" --exit nagios
check 'a wrong --exit' refuses '--exit Test: expected plain, test or nagios' "$CAPPROBE" doctor --exit Test
check 'a suite and a scenario' refuses '--suite and --scenario cannot be used together' "$CAPPROBE" bench --suite quick --scenario a.scn
check 'an output folder that is not there' refuses 'no-such-folder/result.json: cannot be written' "$CAPPROBE" bench --output no-such-folder/result.json
check 'the same file for both outputs' refuses './x: is the same file as x' "$CAPPROBE" bench --scenario a.scn --output ./x --history x
check 'nothing is written' test ! -e x
check 'a control character in an argument' refuses "unknown command 'a\\u001bb'" "$CAPPROBE" $'a\eb'

check 'ops lists every step that the corpus takes' bash -c '
    "$CAPPROBE" ops >ops
    sed "s/#.*//" "$CORPUS"/scenarios/*.scn "$CORPUS"/bugs/*/repro.scn | awk "NF && \$1 != \"}\" { print \$1 }" | sort -u |
        while read -r word; do grep -q "^$word " ops || { echo "$word"; exit 1; }; done'

result=$(printf '%s\n' "$CORPUS"/seeds/own-result/* | head -n 1)
history=$(printf '%s\n' "$CORPUS"/seeds/own-history/* | head -n 1)
for call in ops help '--version' 'help judge' 'judge --help' "show $result" "judge $history"; do
    name=${call%% /*}
    # shellcheck disable=SC2086  # words
    {
        check "$name: standard output is full" fails 255 'standard output: could not be written: No space left on device' to_full "$CAPPROBE" $call
        check "$name: standard output is closed" fails 255 'standard output: could not be written' to_closed "$CAPPROBE" $call
        check "$name: a pipe that closes" fails 141 '' to_broken_pipe "$CAPPROBE" $call
    }
done
for call in 'show --format junit' report; do
    # shellcheck disable=SC2086  # words
    check "$call: standard output is full" fails 255 'standard output: could not be written' to_full "$CAPPROBE" $call "$result"
done
check 'judge: all is written before standard output fails' bash -c '"$CAPPROBE" judge "$1" --output judged.json >/dev/full; jq -e .schema judged.json' bash "$history"

done_testing
