#!/usr/bin/env bash
# Triage finds, groups, minimises and names planted crashes. The environment names the programs: TRIAGE, and CRASHER, a
# target that fails as its input says.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "$scratch" || exit 99

# Writes FILE, an input that makes the crasher do HOW.
plant() {
    printf "<list>\n  <a x='1'><b/></a>\n  <c how='%s'>text</c>\n  <d/>\n</list>\n" "$2" >"$1"
}

# OUTPUT OPTION... -- FILE...: runs triage on the files.
triage() {
    local output=$1 options=() file
    shift
    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    for file in "${@:2}"; do
        printf 'crasher\t%s\t%s\n' "$CRASHER" "$file"
    done | "$TRIAGE" --output "$output" --libvirt /libvirt --capprobe "$(realpath "${0%/*}/../..")" "${options[@]}"
}

# NAME FILTER: there is one result in the SARIF file whose message begins with NAME, and it passes the jq FILTER.
result_has() {
    jq -e --arg name "$1: " ".runs[0].results | map(select(.message.text | startswith(\$name))) | length == 1 and (.[0] | $2)" \
        first/triage.sarif
}

is_sarif() {
    jq -e '.version == "2.1.0" and (."$schema" | test("sarif-2.1.0")) and (.runs | length == 1) and (.runs[0] |
        (.tool.driver | .name != "" and (.rules | map(.id) | length > 0 and length == (unique | length))) and
        (.originalUriBaseIds | map(.uri | test("^file:///.*/$")) | all) and
        (.tool.driver.rules as $rules | .results | all(
            $rules[.ruleIndex].id == .ruleId and (.message.text | type == "string") and
            ([.level] | inside(["error", "warning", "note"])) and (.partialFingerprints | length > 0) and
            (.locations | type == "array" and all(.physicalLocation |
                (.artifactLocation.uri | test("^[^/]")) and .region.startLine > 0)))))' "$1"
}

plant one free-here
plant two free-there
echo 'nothing but free-here' >three
plant lost leak
plant wide overflow
plant broken property
plant noted known
plant good well
check_exit 'what crashes is found' 1 triage first --replays 3 --minimise 20 -- "$PWD"/{one,two,three,lost,wide,broken,noted,good}
check 'the result is SARIF' is_sarif first/triage.sarif
free=crasher-heap-use-after-free-read_freed
check 'similar crashes are one group' result_has "$free" '.properties.inputs == 3'
check 'a group has its place and its reliability' result_has "$free" '
    .properties.reliability == "3/3" and .level == "error" and .locations[0].logicalLocations[0].name == "read_freed" and
    (.locations[0].physicalLocation.artifactLocation | .uri == "fuzz/tests/crasher.c" and .uriBaseId == "CAPPROBE")'
check 'one of them is minimised to what matters' test "$(cat first/crasher/$free/input)" = free-here
check 'the minimised input crashes' has_exit 1 "$CRASHER" first/crasher/$free/input
check 'the report names all inputs' bash -c "grep -c '$PWD/\(one\|two\|three\)$' first/crasher/$free/report.txt | grep -qx 3"
check 'a leak is a warning' result_has crasher-leak-lose '.level == "warning"'
check 'undefined behaviour' result_has crasher-undefined-behaviour-signed-integer-overflow-cannot-be-overflow '.level == "error"'
check 'a property' result_has crasher-property-bytes-are-too-many-for-break_property '.level == "error"'
check 'a known defect that the target notes' result_has crasher-known-defect-some-defect '
    .level == "note" and .properties.known == "some-defect" and .properties.bytes == .properties.bytesMinimised'
check 'what goes well is in no group' jq -e '.runs[0].results | length == 5' first/triage.sarif

plant hangs hang
plant large memory
check_exit 'a hang and a lack of memory' 1 triage limits --replays 1 --timeout 1 --minimise 0 -- hangs large
check 'are crashes' jq -e '.runs[0].results | map(.ruleId) == ["allocation-size-too-big", "timeout"]' limits/triage.sarif
check 'the hang says where it was' grep -q '    hang .*/crasher.c:' limits/crasher/crasher-timeout-hang/report.txt
check 'no process is left' bash -c '! readlink /proc/[0-9]*/exe | grep -Fx "$CRASHER"'

echo seldom >seldom
check_exit 'a crash that comes and goes' 1 triage seldom.out --replays 6 --minimise 0 -- seldom
check 'is not fully reliable' jq -e '.runs[0].results[0].properties.reliability == "3/6"' seldom.out/triage.sarif

check_exit 'nothing found' 0 triage first --replays 1 -- good
check 'takes the place of what was found before' test ! -e first/crasher
mkdir precious && touch precious/file
check 'a place that is somebody else'\''s' refuses 'precious exists' triage precious -- good
check 'an input that is not there' refuses 'not an input' triage new -- missing
check 'nothing is left half-written' test ! -e new -a ! -e new.partial -a ! -e first.partial

done_testing
