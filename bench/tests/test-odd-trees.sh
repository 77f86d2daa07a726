#!/usr/bin/env bash
# Trees that are broken in a way that only shows when they are used, and commands that misbehave on a tree: each gets a reason or a
# verdict, the run goes on with the rest, and the tree stays as it was.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/make-tree.sh
source "${0%/*}/make-tree.sh"
chmod 755 "$scratch"
cd "$scratch" || exit 99
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
program=$scratch/capprobe

make_tree whole
cp -L "$(command -v sleep)" whole/bin/
# The half that is broken; hard links are enough, for each file is replaced, not written to.
cp -al whole half
at=$(realpath "$emulator")
printf '%s\n' start prime 'remove hw-display-qxl' read >changes.scn

# TEXT: the half tree and the whole one side by side. Nothing is known of the half, because of TEXT; the whole is measured.
half_untestable() {
    local text=$1 status=0
    "$program" bench --scenario changes.scn --rounds 1 --tree whole --tree half --variant whole --variant half --kvm absent --confirm no --deadline 10s \
        --output out.json >table 2>&1 || status=$?
    cat table
    ((status == 125)) || { echo "exit status $status, expected 125" && return 1; }
    grep -F -- "$text" table >/dev/null || { echo "expected a reason with: $text" && return 1; }
    jq -e '[.scenarios[] | select(.variant == "whole") | .reads.fresh, .reads.failed] == [2, 0]' out.json
}

# PATH FILE: puts a file in the place of one of the half tree.
put() {
    rm -f "half$1"
    [[ ! ${2-} ]] || cp "$2" "half$1"
}

: >nothing
put "$at" nothing
chmod 755 "half$at"
check 'an emulator that is empty' half_untestable 'Exec format error'
head -c 1000000 "$at" >cut-off
put "$at" cut-off
chmod 755 "half$at"
check 'an emulator that is half unpacked' half_untestable 'unexpected fatal signal'
# The machine of an ELF file is a number in bytes 18 and 19; 2 is SPARC.
cp "$at" other
printf '\0\2' | dd of=other bs=1 seek=18 conv=notrunc status=none
put "$at" other
check 'an emulator for another machine' half_untestable 'Exec format error'
put "$at" "$at"
needed=$(realpath "$(ldd "$emulator" | grep -o '/[^ ]*libpixman[^ ]*')")
put "$needed"
check "a library of the emulator's that is not there" half_untestable 'cannot open shared object file'
put "$needed" nothing
check 'a library that is empty' half_untestable 'file too short'
put "$needed" "$needed"
put "$at"
check 'no emulator' half_untestable "has no ${emulator##*/}"
put "$at" "$at"
put "$driver"
check "no driver for QEMU" half_untestable 'no connection driver available'
head -c 100000 "$driver" >cut-off
put "$driver" cut-off
check 'a driver that is half unpacked' half_untestable 'only a part of one'
put "$driver" "$driver"
put /etc/passwd nothing
((EUID)) || check 'no users' half_untestable 'Failed to parse user'
put /etc/passwd /etc/passwd

# Commands that misbehave on a tree. The other scenario of the run is carried out all the same.
before=$(tree_digest whole)
# JQ STEP: with the step, JQ holds for what is skipped and for the reads of its scenario.
step() {
    local holds=$1
    printf '%s\n' 'needs writable-root' start prime "$2" read >step.scn
    "$program" bench --scenario step.scn --scenario changes.scn --rounds 1 --tree whole --kvm absent --confirm no --deadline 3s --output out.json \
        --history step.jsonl 2>&1
    jq -e --slurpfile history step.jsonl '[$history[] | select(.type == "skip").error] as $skipped |
        [.scenarios[] | select(.name == "step").reads | .fresh, .failed, .unknown] as $reads | '"$holds" out.json || return
    jq -e '[.scenarios[] | select(.name == "changes").reads | .fresh, .failed] == [2, 0]' out.json
}
if ((EUID == 0)); then
    # shellcheck disable=SC2016  # for jq
    {
        check 'a command that hangs' step '$skipped == ["step.scn:4:1: '"'run'"': sleep did not end within 3.00 s"]' 'run sleep 1000'
        check 'a command that leaves a daemon behind' step '$skipped == [] and $reads == [2, 0, 0]' 'run sh -c "sleep 1000 & exit 0"'
        check 'a command that kills libvirt' step '$skipped == [] and $reads == [1, 1, 0]' 'run! sh -c "kill -9 -1"'
        check 'a command that removes everything' step '$skipped == [] and $reads == [1, 0, 1]' 'run! rm -rf /usr /etc'
        check 'a command that fails' step '$skipped == ["step.scn:4:1: '"'run'"': sh ended with status 2: dpkg: error"]' 'run sh -c "echo dpkg: error >&2; exit 2"'
    }
    check 'the tree is as it was' test "$(tree_digest whole)" = "$before"
fi

done_testing
