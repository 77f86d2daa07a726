# shellcheck shell=bash
# verb: pairs
# about: plant a second defect beside each known one, and check that it is not taken for the known one
# help: The defects are those of fuzz/eval/pairs.tsv: each shows only in documents, conversations or hosts that have the
# help: known one. Known defects that the libvirt under test has no more, or not yet, are left out. Prints a line per pair:
# help: found, or what the target says instead. Exit status 1 if one is not found.
# shared: --release --src
# example: scripts/fuzz pairs

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh
# shellcheck source=fuzz/eval/fuzzer.sh
. fuzz/eval/fuzzer.sh
# shellcheck source=fuzz/verbs/unit-tests.sh
. fuzz/verbs/unit-tests.sh
# shellcheck source=fuzz/eval/mutant.sh
. fuzz/eval/mutant.sh

# Links TARGET with the pair ID, which is planted in $directory.
link_pair() {
    local directory=$1 target=$2 command
    [[ ! $directory/$target -nt $programs/targets/$target || ! $directory/$target -nt $directory/fuzz.o ]] || return 0
    command=$(ninja -C "$programs" -t commands -s "targets/$target" |
        sed "s| -o targets/$target | -o '$directory/$target.part' '$directory/fuzz.o' |")
    (cd "$programs" && eval "nice -n 19 $command") && mv "$directory/$target.part" "$directory/$target"
}

# Prints the file of the catalogue that FIELD of the table names: a defect, or one of its inputs.
input_of_pair() {
    compgen -G "corpus/bugs/$1/input.*" || printf 'corpus/bugs/%s\n' "$1"
}

# Prints what the report in FILE says: a property, or a sanitizer's finding.
finding_in() {
    sed -nE 's/^property does not hold: (.{1,70}).*/\1/p; s/^SUMMARY: [A-Za-z]+: (.{1,70}).*/\1/p' "$1" | head -n 1
}

verb_pairs() {
    local place directory mutant_table=fuzz/eval/pairs.tsv id field effect input target='' said found version bad=0
    build_flavour asan
    version=$(version_of_libvirt)
    place=${programs/\/fuzz-//eval/}-pairs
    mkdir -p "$place"
    while IFS=$'\t' read -r id _ _ _ _ field effect; do
        # Other rows of the same pair have only an edit.
        [[ $id != \#* && $effect ]] || continue
        bug_is_in "corpus/bugs/$id/about.md" "$version" || continue
        input=$(input_of_pair "$field")
        target=$(need_target_of "$input")
        { enter_mutant "$id" && compile_mutant "$libvirt/libvirt" fuzz.o && link_pair "$directory" "$target"; } >"$place/log" 2>&1 ||
            fail "the pair $id was not built; the log is $place/log"
        # Without the planted defect the target survives, and notes the known one.
        "$programs/targets/$target" --runs 1 --expect "$id" "$input" >"$place/log" 2>&1 ||
            fail "$input does not show $id; the log is $place/log"
        if "$directory/$target" --runs 1 --expect "$id" "$input" >"$directory/report" 2>&1; then
            said='taken for the known defect' found=MISSED bad=1
        else
            said=$(finding_in "$directory/report") found=found
        fi
        printf '%-26s %-14s %-56s %s: %s\n' "$id" "$target" "$effect" "$found" "$said"
    done <"$mutant_table"
    return "$bad"
}
