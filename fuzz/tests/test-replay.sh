#!/usr/bin/env bash
# The replay driver shows what is wrong: the lines that differ, the reason, or a stack. The environment names the programs:
# TARGETS, the folder of the targets in the flavour asan, and CRASHER, a target that does what its input says.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
bugs=$(realpath "${0%/*}/../../corpus/bugs")
cd "$scratch" || exit 99

# PATTERN FILE: a line of the file matches, as a whole.
has_line() {
    cat "$2"
    grep -qxE -- "$1" "$2"
}

# STATUS OUTPUT COMMAND...: the command ends with the status; what it prints is in the file.
run() {
    local wanted=$1 output=$2
    shift 2
    has_exit "$wanted" "$@" >"$output" 2>&1 || { cat "$output" && return 1; }
}

# N FILE: the listing in the file has N lines. Other lines begin with a letter, the lines of a stack with four spaces.
lists() {
    local n
    n=$(grep -cE '^([-+@]| [^ ]|   ?[^ ])' "$2")
    cat "$2"
    echo "lines: $n"
    ((n == $1))
}

echo unequal >unequal
echo 'known unequal' >known

check 'a property that does not hold' run 1 broken "$CRASHER" unequal
check 'says the first line that differs' has_line 'property does not hold: lines: was "line 50", is "line 50.*' broken
check 'what was expected' has_line '-line 50' broken
check 'what came instead, with control characters escaped' has_line '\+line 50\\twith \\x1b\[31mcolour' broken
check 'lines before it' has_line ' line 47' broken
check 'not more of them' bash -c '! grep -x " line 46" broken'
check 'where it is' has_line '@@ -47 \+47 @@' broken
check 'a line that is missing' has_line '-line 52' broken
check 'the next difference, at its own lines' has_line '@@ -67 \+66 @@' broken
check 'at most 40 lines' lists 40 broken
check 'how many there are beyond these' has_line '\.\.\. more lines: 36' broken
check 'and a stack' has_line ' +#[0-9]+ 0x[0-9a-f]+ in compare_texts .*' broken

check 'all lines, if asked for' run 1 all "$CRASHER" --lines 0 unequal
check 'are shown' lists 76 all
check 'fewer lines, if asked for' run 1 five "$CRASHER" --lines 5 unequal
check 'are shown, too' lists 5 five
check 'less than none' refuses '--lines -1' "$CRASHER" --lines -1 unequal

check 'a known defect' run 1 silent "$CRASHER" known
check 'is only named' test "$(cat silent)" = 'known: shows the known defect some-defect'
check 'a known defect, shown' run 1 shown "$CRASHER" --show known
check 'says what differs' has_line 'known defect some-defect: lines: - is expected, \+ is actual' shown
check 'with the lines' has_line '-line 50' shown
check 'once, although it runs three times' lists 40 shown
check 'and its name' has_line 'known: shows the known defect some-defect' shown
check 'one that is expected, shown' run 0 expected "$CRASHER" --show --expect some-defect known
check 'is shown as well' lists 40 expected

check 'what libvirt saves and cannot load' run 1 refused "$TARGETS/caps-roundtrip" --show "$bugs/cpudata-empty/input.xml"
check 'is refused for a reason' has_line 'known defect cpudata-empty: what was saved cannot be loaded: .*no x86 CPU data.*' refused
check 'and is shown' has_line "   <cpudata arch='x86'>" refused
check 'what libvirt loads differently' run 1 changed "$TARGETS/caps-roundtrip" --show "$bugs/attribute-whitespace/input.xml"
check 'is shown before' has_line "-formatted: .* name='isa\\\\tpc' .*" changed
check 'and after' has_line "\+formatted: .* name='isa pc' .*" changed
check 'a crash' run 1 crash "$TARGETS/caps-roundtrip" --provoke "$bugs/cpudata-copy-null/input.xml"
check 'has a stack' has_line ' +#[0-9]+ 0x[0-9a-f]+ in virCPUx86DataCopyNew .*' crash

done_testing
