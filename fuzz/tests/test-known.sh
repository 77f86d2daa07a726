#!/usr/bin/env bash
# Each row of the table of known defects that is about this libvirt is shown by an input of its page, and the table agrees
# with the pages. A row that nothing shows could hide other defects for ever. The environment names PROGRAMS, the folder of
# the targets, and LIBVIRT_VERSION.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "${0%/*}/../.." || exit 99
# shellcheck source=scripts/bugs.sh
source scripts/bugs.sh

version=$(awk -F . '{ print 1000000 * $1 + 1000 * $2 + $3 }' <<<"$LIBVIRT_VERSION")

# Prints the rows of TABLE: id|since|fixed|place.
rows_of() {
    sed -nE 's/^CP_KNOWN\([A-Z0-9_]+, "([a-z0-9-]+)", ([0-9]+), ([0-9]+), "(.*)"\)$/\1|\2|\3|\4/p' "$1"
}

# Prints the rows of TABLE that are about this libvirt, as the replay driver prints them.
expected_places() {
    rows_of "$1" | awk -F '|' -v version="$version" '
        version >= $2 && ($3 == 0 || version < $3) { print "place of " $1 ": " $4 }' | sort -u
}

# Plays the inputs of all pages, and prints what they show: the row, but only on the page of its defect.
shown_places() {
    local page id target input
    for page in corpus/bugs/*/about.md; do
        id=$(bug_field "$page" id)
        read -r target _ < <(bug_shown "$page" target) || continue
        for input in "${page%/*}"/input*; do
            "$PROGRAMS/$target" --places --runs 1 "$input" | grep "^place of $id: " || true
        done
    done | sort -u
}

# Prints which rows of TABLE nothing shows; fails if there are any.
all_are_shown() {
    [[ ! $(comm -23 <(expected_places "$1") "$scratch/shown" | tee /dev/stderr) ]]
}

# Whether what the pages show are rows that are about this libvirt.
only_rows_are_shown() {
    [[ ! $(comm -13 <(expected_places fuzz/known/rows.def) "$scratch/shown" | tee /dev/stderr) ]]
}

# Whether TABLE says of each defect what its page says: fixed by the version that has no row any more.
agrees_with_pages() {
    local id fixed page bad=0
    while IFS='|' read -r id fixed; do
        page=corpus/bugs/$id/about.md
        [[ -e $page ]] || { echo "there is no page $page" && bad=1 && continue; }
        [[ $(bug_field "$page" fixed) == "$fixed" ]] || { echo "$page: fixed is not $fixed, as the table says" && bad=1; }
    done < <(rows_of "$1" | awk -F '|' '
        !($1 in last) || $3 == 0 || (last[$1] != 0 && $3 > last[$1]) { if (!($1 in last) || last[$1] != 0) last[$1] = $3 }
        END {
            for (id in last)
                print id "|" (last[id] ? int(last[id] / 1000000) "." int(last[id] / 1000) % 1000 "." last[id] % 1000 : "no")
        }')
    return "$bad"
}

# Whether each page with an input has a row.
has_all_pages() {
    local page id bad=0
    for page in corpus/bugs/*/about.md; do
        id=$(bug_field "$page" id)
        [[ ! $(bug_shown "$page" target) ]] || rows_of "$1" | grep -q "^$id|" || { echo "no row for $id" && bad=1; }
    done
    return "$bad"
}

# Whether each row of TABLE has a pair in PAIRS, or a reason there why it has none.
has_all_pairs() {
    local id bad=0
    for id in $(rows_of "$1" | cut -d '|' -f 1 | sort -u); do
        grep -qE "^$id"$'\t'"|^# No pair can exist for $id: ." "$2" || { echo "no pair for $id" && bad=1; }
    done
    return "$bad"
}

fails() {
    ! "$@"
}

check 'the table can be read' test "$(rows_of fuzz/known/rows.def | wc -l)" = "$(grep -c '^CP_KNOWN(' fuzz/known/rows.def)"
shown_places >"$scratch/shown"
check 'an input shows each row' all_are_shown fuzz/known/rows.def
check 'an input shows nothing that this libvirt does not have' only_rows_are_shown
check 'the table agrees with the pages' agrees_with_pages fuzz/known/rows.def
check 'each page has a row' has_all_pages fuzz/known/rows.def
check 'each row has a pair' has_all_pairs fuzz/known/rows.def fuzz/eval/pairs.tsv

sed 's/^CP_KNOWN(WHITESPACE, .*/&\nCP_KNOWN(OTHER, "attribute-whitespace", 0, 0, "elsewhere")/' fuzz/known/rows.def >"$scratch/more"
check 'a row that nothing shows is noticed' fails all_are_shown "$scratch/more"
sed 's/^CP_KNOWN(WHITESPACE, "attribute-whitespace", 0, 0/CP_KNOWN(WHITESPACE, "attribute-whitespace", 0, 1/' fuzz/known/rows.def >"$scratch/past"
check 'a row about other versions needs no input' all_are_shown "$scratch/past"
check 'but must agree with its page' fails agrees_with_pages "$scratch/past"
grep -v '"cpudata-empty"' fuzz/known/rows.def >"$scratch/less"
check 'a page without a row is noticed' fails has_all_pages "$scratch/less"
grep -v '^reply-twice' fuzz/eval/pairs.tsv >"$scratch/pairs"
check 'a row without a pair is noticed' fails has_all_pairs fuzz/known/rows.def "$scratch/pairs"

done_testing
