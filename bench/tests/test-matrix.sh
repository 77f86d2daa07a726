#!/usr/bin/env bash
# scripts/matrix, with a stand-in for capprobe and pages that this test makes up. SOURCE names the source folder.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

mkdir -p scripts docs corpus/bugs trees/{old,new}
cp "$SOURCE"/scripts/{matrix,matrix.jq,bugs.sh} scripts
cat >scripts/common.sh <<'END'
say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 125; }
packages_need() { :; }
build_into() { :; }
END

# The stand-in prints trees/TREE/ID, and ends with the number in its first line; what it was asked for is in trees/TREE/calls.
cat >capprobe <<'END'
#!/usr/bin/env bash
id=${2%/*} id=${id##*/} tree=old
while (($#)); do
    case $1 in
    --tree) tree=${2##*/} ;;
    --history) history=$2 ;;
    esac
    shift
done
echo "$id" >>"trees/$tree/calls"
{ read -r status; cat; } <"trees/$tree/$id"
[[ $status != block ]] || { echo >blocked; exec sleep 1000; }
[[ $tree == old ]] && version=9.0.0 || version=12.8.0
((status >= 254)) || echo '{"environment": {"libvirt": {"version": "'$version'"}, "emulator": {"version": "QEMU emulator version 7.2.22 (Debian 1)"}}}' >"$history"
exit "$status"
END
chmod +x capprobe
export CAPPROBE=$scratch/capprobe

# ID SINCE FIXED SEEN [scenario]: makes a page.
page() {
    mkdir -p "corpus/bugs/$1"
    printf '%s\n' --- "id: $1" 'kind: stale' "since: $2" "fixed: $3" "seen: $4" --- "# Symptom of $1" >"corpus/bugs/$1/about.md"
    [[ ! ${5-} ]] || touch -d '1 hour ago' "corpus/bugs/$1/repro.scn"
}

# TREE ID STATUS LINE...: what the stand-in does.
comes_out() {
    printf '%s\n' "${@:3}" >"trees/$1/$2"
}

# STATUS TEXT OPTION...: the matrix of both trees ends with this status, and standard error has a line TEXT.
matrix() {
    local wanted=$1 text=$2 status=0
    shift 2
    scripts/matrix "$@" trees/old trees/new 2>errors || status=$?
    cat errors
    ((status == wanted)) || { echo "exit status $status, expected $wanted" && return 1; }
    [[ ! $text ]] || grep -F -- "$text" errors
}

# ROW: the table has it.
has_row() {
    cat docs/matrix.md
    grep -Fx -- "$1" docs/matrix.md
}

page one 9.0.0 no '9.0.0 12.8.0' scenario
page two 9.0.0 11.3.0 9.0.0 scenario
page three 9.0.0 no '9.0.0 12.8.0' scenario
page four 9.0.0 11.3.0 9.0.0
comes_out old one 1 'one: reproduced as expected'
comes_out new one 1 'one: reproduced in part (line 3: expected this (and that), seen: x | y)'
comes_out old two 1 'two: reproduced as expected'
comes_out new two 0 'two: not reproduced'
comes_out old three 1 'three: reproduced as expected'
comes_out new three 125 'three (x.scn)' '  cannot be tested here: no module' 'undecided: three could not be carried out: no module'

check 'all is as the pages say' matrix 0 '6/6 '
check 'the columns are versions' has_row '| defect | kind | libvirt 9.0.0, QEMU 7.2.22 | libvirt 12.8.0, QEMU 7.2.22 |'
check 'a row of a scenario' has_row '| [one](../corpus/bugs/one/about.md) | stale | reproduced | in part |'
check 'a row of a defect that is fixed' has_row '| [two](../corpus/bugs/two/about.md) | stale | reproduced | not reproduced |'
check 'a row of an input' has_row '| [four](../corpus/bugs/four/about.md) | stale | *seen* | *not affected* |'
check 'a reason' has_row '| one | 12.8.0 | in part | line 3: expected this (and that), seen: x \| y |'
check 'another reason' has_row '| three | 12.8.0 | untestable | no module |'
check 'the same as JSON' jq -e '.format == "capprobe-matrix" and .version == 1 and (.columns | map(.libvirt)) == ["9.0.0", "12.8.0"] and
    (.rows | map({(.id): (.cells | map(.outcome))}) | add) == {four: ["seen", "not affected"], one: ["reproduced", "in part"],
        three: ["reproduced", "untestable"], two: ["reproduced", "not reproduced"]} and all(.rows[].cells[]; .seconds == null or .seconds >= 0)' build/matrix.json

# Contradictions.
comes_out new one 0 'one: not reproduced'
check 'a defect that should be there' matrix 1 'one: not reproduced on 12.8.0 with QEMU 7.2.22, but the page says since 9.0.0, fixed no'
comes_out new one 125 'one: not the expected defect (line 3 is failed)'
check 'another defect' matrix 1 'one: another defect on 12.8.0 with QEMU 7.2.22, but the page says since 9.0.0, fixed no'
check 'it is a cell of its own' has_row '| [one](../corpus/bugs/one/about.md) | stale | reproduced | another defect |'
comes_out new one 1 'one: reproduced as expected'
comes_out new two 1 'two: reproduced as expected'
check 'a defect that should be gone' matrix 1 'two: reproduced on 12.8.0 with QEMU 7.2.22, but the page says since 9.0.0, fixed 11.3.0'
sed -i '/^seen/a qemu-fixed: 7.0.0' corpus/bugs/one/about.md
check 'a QEMU with which it should be gone' matrix 1 'one: reproduced on 12.8.0 with QEMU 7.2.22, but the page says since 9.0.0, fixed no' --resume
page one 9.0.0 no '9.0.0 12.8.0' scenario
page two 9.0.0 no 9.0.0 scenario
check 'a version on which it was not seen' matrix 1 'two: reproduced on 12.8.0, but the page says seen on 9.0.0'
page two 9.0.0 no '9.0.0 12.8.0' scenario
check 'the page is mended: nothing is run' bash -c 'rm trees/*/calls; scripts/matrix --resume trees/old trees/new 2>&1; (($? == 0)) && ! cat trees/*/calls 2>/dev/null'
comes_out new two 0 two
check 'a scenario that says nothing' bash -c 'scripts/matrix --only two trees/old trees/new && grep -F "| two | 12.8.0 | untestable | the scenario does not say what is wrong |" docs/matrix.md'
check '--only runs it alone' test "$(sort -u trees/*/calls)" = two
comes_out new two 255 'capprobe: out of memory'
check 'capprobe fails' matrix 255 'capprobe failed in two on trees/new' --only two
check 'the reason is told' has_row '| two | 12.8.0 | untestable | out of memory |'

# A busy machine.
comes_out new two 125 'undecided: the timing of two did not come about: too slow'
rm trees/*/calls
check 'too slow' matrix 0 'two on trees/new: untestable (the timing of two did not come about: too slow)' --only two
check 'it is tried again, alone, three times' test "$(wc -l <trees/new/calls)" = 4

# Interrupted.
cp docs/matrix.md before.md
comes_out new two block
mkfifo blocked
interrupt() {
    local status=0
    # A shell has its jobs in the background ignore this signal.
    setsid env --default-signal=INT scripts/matrix trees/old trees/new 2>errors &
    read -r <blocked
    kill -INT $!
    wait $! || status=$?
    cat errors
    ((status == 130)) || { echo "exit status $status" && return 1; }
}
check 'Ctrl-C' interrupt
check 'no half file is left' test -z "$(find docs build -name '*.new')"
check 'the table is as it was' cmp docs/matrix.md before.md
check 'the cell is missing' test ! -e build/matrix/trees+new/two.json
check 'and the others of its defects are not' test -e build/matrix/trees+old/one.json
comes_out new two 1 'two: reproduced as expected'
check 'one defect alone makes no table' bash -c 'scripts/matrix --only one trees/old trees/new 2>&1 | grep "missing: the table is not written" && cmp docs/matrix.md before.md'
check '--resume runs the rest' matrix 0 '' --resume
check 'and makes the table' has_row '| [two](../corpus/bugs/two/about.md) | stale | reproduced | reproduced |'

# Shares of the work. The cells of the others are kept.
shares() {
    rm -rf build trees/*/calls
    scripts/matrix --shard 1/2 trees/old trees/new 2>&1 | grep '3 cells are missing: the table is not written' &&
        scripts/matrix --shard 2/2 trees/old trees/new 2>&1 | grep '3/3 ' && [[ $(cat trees/*/calls | wc -l) == 6 ]]
}
check 'two shares are the whole' shares
check 'the second of them makes the table' test -e build/matrix.json
check 'not a share' refuses '--shard 3/2: expected I/N, with I from 1 to N' scripts/matrix --shard 3/2

check_exit '--help' 0 scripts/matrix --help
check 'an unknown option' refuses "unknown option '--no-such'" scripts/matrix --no-such
check 'an unknown defect' refuses '--only five: expected a known defect with a scenario' scripts/matrix --only five
check 'a defect without a scenario' refuses '--only four: expected a known defect with a scenario' scripts/matrix --only four
check 'not a number' refuses '--jobs 0: expected a number from 1 to 99' scripts/matrix --jobs 0
check 'no value' refuses '--only needs a value' scripts/matrix --only
check 'no tree' refuses "'trees/none' is not a folder" scripts/matrix trees/none
check 'without trees it says how to make them' bash -c 'scripts/matrix 2>&1 | grep -F "'"'scripts/tree trixie' makes it"'"'

done_testing
