#!/usr/bin/env bash
# Bad input: one line that names the place, exit status 254, and no output file.
# shellcheck disable=SC2059  # the formats are ours
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

refuses_scenario() {
    local name=$1 place=$2 format=$3
    printf "$format" >"$name.scn"
    check "scenario: $name" refuses "$name.scn:$place: " "$CAPPROBE" replay "$name.scn" --history out.jsonl
}

refuses_scenario unknown-word 2:1 'start\nread-it\nread\n'
refuses_scenario missing-argument 2:7 'start\nremove\nread\n'
refuses_scenario unclosed-brace 2:1 'start\nrepeat 3 {\nread\n'
refuses_scenario stray-brace 3:1 'start\nread\n}\n'
refuses_scenario no-such-module 2:8 'start\nremove no-such-module\nread\n'
refuses_scenario nul-byte 2:3 'start\nre\0ad\n'
refuses_scenario nothing-read 1:1 ''
{ printf 'start\nread\n' && head -c 10000000 /dev/zero | tr '\0' x; } >long-line.scn
check 'scenario: a line of 10 MB' refuses 'long-line.scn:1:1: ' "$CAPPROBE" replay long-line.scn --history out.jsonl
{ printf 'start\n' && for ((i = 0; i < 100; i++)); do printf 'repeat 2 {\n'; done; } >deep.scn
check 'scenario: recursion' refuses 'deep.scn:18:1: ' "$CAPPROBE" replay deep.scn --history out.jsonl
check 'scenario: no such file' refuses 'missing.scn' "$CAPPROBE" replay missing.scn
check 'scenario: a device' refuses 'not a regular file' "$CAPPROBE" replay /dev/zero
check 'scenario: a file of the kernel that makes its reader wait' refuses '/proc/kmsg' timeout 10 "$CAPPROBE" replay /proc/kmsg
truncate -s 3G huge.scn
check 'scenario: 3 GB' refuses 'huge.scn:1:1: ' "$CAPPROBE" replay huge.scn
printf 'raed\n' >$'not-utf8-\xff.scn'
check 'scenario: a name that is not UTF-8' refuses 'not-utf8-�.scn:1:1: ' "$CAPPROBE" replay $'not-utf8-\xff.scn'
check 'nothing is written' test ! -e out.jsonl

history='{"type":"history","schema":"capprobe.history/2","environment":{},"seed":1}\n'
refuses_history() {
    printf "$3" >"$1.jsonl"
    check "history: $1" refuses "$1.jsonl:$2: " "$CAPPROBE" judge "$1.jsonl" --output out.json
}
refuses_history old-schema 1:19 '{"type":"history","schema":"capprobe.history/1","environment":{},"seed":1}\n'
refuses_history cut-before-the-last-line 2:15 "$history"'{"type":"end",\n'"$history"
refuses_history wrong-digest 2:1 "$history"'{"type":"answer","answer":"x","xml":""}\n'
refuses_history other-schema 1:19 '{"type":"history","schema":"capprobe.history/9","environment":{},"seed":1}\n'
refuses_history huge-number 2:24 "$history"'{"type":"end","status":99999999999999999999,"error":""}\n'
refuses_history out-of-place 2:1 "$history"'{"type":"expect","line":1,"args":["answer"]}\n{"type":"end","status":0,"error":""}\n'
refuses_history duplicate-member 2:26 "$history"'{"type":"end","status":1,"status":0,"error":""}\n'
refuses_history signal-as-status 2:15 "$history"'{"type":"end","status":134,"error":"x"}\n'
refuses_history well-but-killed 2:26 "$history"'{"type":"end","status":0,"error":"the sandbox was killed"}\n'
refuses_history probes-abc 2:27 "$history"'{"type":"expect","line":1,"args":["probes","abc"]}\n'
truncate -s 3G huge.jsonl
check 'history: 3 GB' refuses 'huge.jsonl:1:1: ' "$CAPPROBE" judge huge.jsonl
{ printf '{"a":' && head -c 100000 /dev/zero | tr '\0' '['; } >deep.jsonl
check 'history: recursion' refuses 'deep.jsonl:1:69: ' "$CAPPROBE" judge deep.jsonl

refuses_result() {
    printf "$3" >"$1.json"
    check "result: $1" refuses "$1.json:$2: " "$CAPPROBE" show "$1.json"
}
refuses_result empty 1:1 ''
refuses_result cut-off 1:31 '{"schema":"capprobe.result/1",'
refuses_result old-schema 1:2 '{"schema":"capprobe.result/1","environment":{}}'
refuses_result other-schema 1:2 '{"schema":"x"}'
refuses_result no-scenarios 1:1 '{"schema":"capprobe.result/2","environment":{},"seed":1,"status":0,"error":""}'
check 'no result is written' test ! -e out.json

well=$(printf "$history"'{"type":"end","status":0,"error":""}\n' | tee well.jsonl)
judges_pipe() {
    has_exit 125 "$CAPPROBE" judge <(printf '%s\n' "$well")
}
check 'history: a pipe is read' judges_pipe

judges_cut_off() {
    printf "$1" >cut.jsonl
    has_exit 125 "$CAPPROBE" judge cut.jsonl >said && grep -q 'the history is cut off' said
}
check 'history: cut off' judges_cut_off "$history"
check 'history: cut off within a line' judges_cut_off "$history"'{"type":"end",'

done_testing
