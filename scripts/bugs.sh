# shellcheck shell=bash
# How scripts read the pages of the known defects, corpus/bugs/ID/about.md. To be sourced.
#
# A page begins with fields between two lines "---", one "NAME: VALUE" per line, in this order:
#
#   id        the name of the page's folder
#   kind      one of bug_kinds
#   since     the oldest tested version of libvirt that has the defect
#   fixed     the first version of libvirt without it, or "no"
#   seen      the versions of libvirt on which it was seen, oldest first
#   shows     the files that show it: "scenario FILE", or "target TARGET FILE" for an input of a fuzz target; or both, with
#             a comma between them
#   crash     only if the input crashes the target: a text of the report
#   qemu-fixed  only if it does not show with newer versions of QEMU: the first of these
#   made-for  only if the input does not show the defect on all of these versions: those on which it does
#   deadline  only if the scenario needs another --deadline than the default
#   public    only without a scenario: the file of shell steps that show it by libvirt's public API, for exports; they use
#             the functions of bench/export/
#   hidden    only if there is neither: why
#
# bench/tests/test-catalogue.sh checks every page; scripts/list-bugs makes the index of them.

# bug_field PAGE FIELD: prints the value of a field, or nothing if the page does not have it.
bug_field() {
    awk -v name="$2: " '$0 == "---" && NR > 1 { exit } index($0, name) == 1 { print substr($0, length(name) + 1); exit }' "$1"
}

# bug_shown PAGE scenario: prints the file of the scenario that shows the defect, or nothing.
# bug_shown PAGE target: prints the fuzz target that shows it and the input's file, or nothing.
bug_shown() {
    bug_field "$1" shows | tr , '\n' | sed -n "s/^ *$2 //p"
}

# older A B: whether version A is older than B.
older() {
    [[ $1 != "$2" && $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

# bug_is_in PAGE VERSION: whether this version of libvirt has the defect, as far as the page knows.
bug_is_in() {
    local fixed
    fixed=$(bug_field "$1" fixed)
    ! older "$2" "$(bug_field "$1" since)" && { [[ $fixed == no ]] || older "$2" "$fixed"; }
}

# bug_shows_in PAGE VERSION QEMU: whether it shows on this version of libvirt with this version of QEMU, as far as the page knows.
bug_shows_in() {
    local qemu_fixed
    qemu_fixed=$(bug_field "$1" qemu-fixed)
    bug_is_in "$1" "$2" && { [[ ! $qemu_fixed ]] || older "$3" "$qemu_fixed"; }
}

# Prints the page's heading: the symptom in one line.
bug_symptom() {
    sed -n 's/^# //p;T;q' "$1"
}

# bug_options PAGE: prints the options with which the scenario is replayed.
bug_options() {
    bug_field "$1" deadline | sed 's/^/--deadline /'
}

# Prints all kinds of defects, one per line: name|meaning.
bug_kinds() {
    cat <<'END'
stale|the cached answer is no longer true, and libvirt does not notice
no-answer|libvirt gives no answer, or no reason for an error, although it could
cost|the answer is right, but it takes much too long
domcaps|the domain capabilities are wrong or not valid even with an empty cache
roundtrip|what libvirt saves in its cache is not what it loads from it
parser|libvirt misreads the cache file
crash|the daemon dies
memory|leaks, undefined behaviour, or use of freed memory
END
}
