#!/usr/bin/env bash
# test-eval.sh TREE VERSION REPORT: tests the parts of scripts/fuzz eval and cov: mutants apply only to the source that
# they were made for, the report is right about given outcomes, and a reached line that is listed as unreachable is noticed.
# TREE is libvirt's source.
set -euo pipefail
tree=$(realpath "$1") version=$2 report=$(realpath "$3")
source=$tree/src/qemu/qemu_capabilities.c
cd "$(dirname "$0")/../eval"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed() {
    echo "$*" >&2
    exit 1
}

plant() {
    awk -v id="$1" -f ../../scripts/plant.awk "$2" "$3"
}

# Each mutant differs from the source in one line.
planted=0
mapfile -t mutants < <(grep -v '^#' mutants.tsv | cut -f 1)
for id in "${mutants[@]}"; do
    if ! plant "$id" mutants.tsv "$source" >"$work/mutant.c" 2>"$work/error"; then
        [[ $version != 9.0.0 ]] || failed "$(<"$work/error")"
        continue
    fi
    lines=$(diff "$source" "$work/mutant.c" | grep -c '^>') || true
    [[ $lines == 1 ]] || failed "$id changes $lines lines"
    planted=$((planted + 1))
done
[[ $version != 9.0.0 ]] || ((planted >= 30)) || failed "only $planted mutants"

# Each edit of the benchmark's controls applies; a control with several edits has several rows.
while IFS= read -r row; do
    [[ $row != '#'* ]] || continue
    plant "${row%%$'\t'*}" <(printf '%s\n' "$row") "$source" >"$work/control.c" 2>"$work/error" || failed "$(<"$work/error")"
    ! cmp -s "$source" "$work/control.c" || failed "this control changes nothing: $row"
done <../../bench/controls/libvirt.tsv

# Each defect of the past that this libvirt has mended can be put back; one that was not is left alone. Each defect that this
# libvirt has can get a second one.
mutants_of() (
    cd ../..
    # shellcheck source=scripts/bugs.sh
    . scripts/bugs.sh
    # shellcheck source=fuzz/eval/historic.sh
    . fuzz/eval/historic.sh
    # shellcheck source=fuzz/eval/mutant.sh
    . fuzz/eval/mutant.sh
    "$@"
)
plant_all() {
    local mutant_table=$work/rows id function
    while IFS=$'\t' read -r id function _; do
        mutant_file=$(file_of_function "$function")
        plant_edits "$mutant_table" "$id" "$tree/$mutant_file" "$work/planted.c" || return
        ! cmp -s "$tree/$mutant_file" "$work/planted.c" || { echo "$id changes nothing" && return 1; }
        echo "$id"
    done < <(grep -v '^#' "$mutant_table" | sort -u -k 1,1)
}
pairs_here() {
    local id row
    while IFS=$'\t' read -r id row; do
        [[ $id == \#* ]] || ! bug_is_in "corpus/bugs/$id/about.md" "$version" || printf '%s\t%s\n' "$id" "$row"
    done <fuzz/eval/pairs.tsv
}
mutants_of pairs_here >"$work/rows"
mutants_of plant_all >"$work/pairs" || failed "$(<"$work/pairs")"
(($(wc -l <"$work/pairs") >= 20)) || failed "only $(wc -l <"$work/pairs") pairs"
mutants_of historic_rows fuzz/eval/historic.tsv "$version" >"$work/rows"
mutants_of plant_all >"$work/historic" || failed "$(<"$work/historic")"
for id in arch-leak blockers-leak bad-max-cpus-leak; do
    grep -qx "$id" "$work/historic" || failed "$id, a leak of the past, is not put back"
done
for id in read-error-is-end sev-cpu0-id sev-cpu0-leak; do
    [[ $(grep -cx "$id" "$work/historic") == "$([[ $version == 9.0.0 ]] && echo 0 || echo 1)" ]] || failed "$id, of libvirt $version"
done
printf '%s\n' '# comment' $'old\tf\ta\t1/1\tb\tleak, mended in 3.9.0\teffect' $'old\tf\tc\t1/1\td' \
    $'new\tf\ta\t1/1\tb\tleak, mended in 10.0.0\teffect' $'new\tf\tc\t1/1\td' >"$work/table"
[[ $(mutants_of historic_rows "$work/table" 9.0.0 | cut -f 1,3 | xargs) == 'old a old c' ]] || failed "libvirt 9.0.0 has mended what 10.0.0 did"
[[ $(mutants_of historic_rows "$work/table" 10.0.0 | wc -l) == 4 ]] || failed "libvirt 10.0.0 has not mended what 10.0.0 did"

# Several rows are several edits; a name without a row is refused.
printf '%s\n' 'int' 'f(int a)' '{' '    return a < c;' '}' >"$work/source.c"
mutants_of plant_edits "$work/table" old "$work/source.c" "$work/edited.c"
grep -qx '    return b < d;' "$work/edited.c" || failed "not both edits are planted"
! mutants_of plant_edits "$work/table" other "$work/source.c" "$work/edited.c" 2>"$work/error" || failed "an unknown edit is planted"
grep -qx 'plant: other: unknown edit' "$work/error" || failed "$(<"$work/error")"

# An edit matches whole words in the function's body only; one that does not fit the source is refused.
printf '%s\n' 'int f(int a);' 'int' 'f(int a)' '{' '    return a < 0 || aa < 0;' '}' >"$work/source.c"
{
    printf '%s\tf\t%s\t%s\t%s\tkind\teffect\n' word a 1/1 b second '< 0' 2/2 '< 1' more '< 0' 1/3 '< 1' fewer '< 0' 1/1 '< 1'
    printf 'gone\tg\ta\t1/1\tb\tkind\teffect\n'
} >"$work/table"
for expected in 'word:    return b < 0 || aa < 0;' 'second:    return a < 0 || aa < 1;'; do
    plant "${expected%%:*}" "$work/table" "$work/source.c" | grep -qxF -- "${expected#*:}" || failed "not planted: $expected"
done
for id in more fewer gone unknown; do
    ! plant "$id" "$work/table" "$work/source.c" >/dev/null 2>"$work/error" || failed "$id was planted"
    grep -q "^plant: $id: " "$work/error" || failed "$id was refused without a message"
done

# Three defects: one is found at once, one late and only by the first fuzzer, one never.
printf '%s\tf\tpiece\t1/1\tother\tkind\teffect\n' easy hard never >"$work/table"
outcomes() {
    local trial
    printf 'k\tunit\teasy\t0\t0\tfound\t0\t0\ttest\n'
    printf 'k\tunit\thard\t0\t0\tmissed\t0\t0\t\n'
    printf 'k\tplain\teasy\t0\t1\tfound\t0.1\t9\tcrash\n'
    for ((trial = 1; trial <= $1; trial++)); do
        printf 'k\t%s\t%s\t%d\t1\t%s\t%s\t9\t\n' ours easy "$trial" found 0.5 plain easy "$trial" found 0.5 \
            ours hard "$trial" found 20 plain hard "$trial" missed 60.2 \
            ours never "$trial" missed 60.1 plain never "$trial" missed 60.3
    done
}
outcomes 10 >"$work/outcomes"
"$report" --seconds 60 "$work/table" "$work/outcomes" ours plain >"$work/report"
for line in 'easy kind yes 10/10 0.50 s 10/10 0.50 s 1.0000 0.50 plain' 'hard kind no 10/10 20.00 s 0/10 - 1e-05 1.00' \
    'never kind ? 0/10 - 0/10 - 1.0000 0.50' \
    'ours: of 3 defects 2 found in every trial (66.7 %), 2 at least once (66.7 %), 0 by the seeds alone; in 66.7 % of all trials' \
    'plain: of 3 defects 1 found in every trial (33.3 %), 1 at least once (33.3 %), 1 by the seeds alone; in 33.3 % of all trials' \
    "libvirt's unit tests: of 2 defects 1 seen" \
    'ours against plain: sooner on 1 defects, later on 0, no difference shown on 2 (p < 0.05 after Holm and Bonferroni)' \
    'ours against plain: a trial found 2 defects against 1 (medians); U = 100, p = 1.1e-05, A12 = 1.00'; do
    tr -s ' ' <"$work/report" | sed 's/ $//' | grep -qxF -- "$line" || failed "the report lacks: $line
$(<"$work/report")"
done

outcomes 9 >"$work/outcomes"
"$report" --seconds 60 "$work/table" "$work/outcomes" ours plain >"$work/report"
grep -qx '9 trials of 10 done: too few to compare' "$work/report" || failed "nine trials are enough"
! grep -q '1e-05' "$work/report" || failed "nine trials are compared"

# A trial that was ended early counts if it was slower than all trials of the first fuzzer.
outcomes 10 | awk -F '\t' -v OFS='\t' '$2 == "plain" && $3 == "hard" { $7 = 21.1 } { print }' >"$work/outcomes"
"$report" --seconds 60 "$work/table" "$work/outcomes" ours plain >"$work/report"
for line in 'hard kind no 10/10 20.00 s 0/10 \* - 1e-05 1.00' '\* 10 trials of plain were ended .*' 'ours against plain: sooner on 1 .*'; do
    tr -s ' ' <"$work/report" | sed 's/ $//' | grep -qx -- "$line" || failed "the report lacks: $line
$(<"$work/report")"
done
! grep -q 'a trial found' "$work/report" || failed "the findings of trials that were ended early are compared"
sed -i 's/\t21\.1\t/\t20\t/' "$work/outcomes"
"$report" --seconds 60 "$work/table" "$work/outcomes" ours plain >"$work/report"
grep -qx '0 trials of 10 done: too few to compare' "$work/report" || failed "a trial that was ended too early counts"

# Noted outcomes are read back. A trial is done when it has found something or used up its time, which is shorter if the
# first fuzzer was fast in all its trials.
decide() {
    local mutant_names=(fast slow late) outcomes=$work/noted seconds=60 trials=2 mutant
    local -A keys limits known
    # shellcheck source=fuzz/verbs/eval.sh
    . fuzz/verbs/eval.sh
    mutants() {
        printf '%s\n' "${mutant_names[@]}"
    }
    for mutant in "${mutant_names[@]}"; do
        keys[ours $mutant]=o-$mutant keys[plain $mutant]=p-$mutant
    done
    : >"$outcomes"
    note ours fast 1 1000 found 0.71 10 leak
    note ours fast 2 2000 found 3.99 90 ''
    note ours slow 1 1000 found 58.30 10 ''
    note ours slow 2 2000 found 1.00 10 ''
    note ours late 1 1000 found 0.50 10 ''
    note ours late 2 2000 missed 60.02 10 ''
    note plain fast 1 1000 missed 4.00 10 ''
    note plain fast 2 2000 missed 3.20 10 ''
    note plain slow 1 1000 missed 59.90 10 ''
    note plain late 1 1000 found 7.00 10 ''
    read_outcomes
    set_limits
    printf '%s\n' "${limits[fast]} ${limits[slow]} ${limits[late]}"
    is_done plain fast 1 && echo "4 s of 60"
    is_done ours late 2 || echo "all its time"
    set_limits ours
    printf '%s\n' "${limits[fast]} ${limits[slow]} ${limits[late]}"
    is_done plain fast 1 || echo "as long as ours"
    is_done plain fast 2 && echo "less than ours"
    is_done plain slow 1 && is_done plain late 1 && echo "done"
    is_done plain slow 2 || echo "not begun"
}
(cd ../.. && decide) >"$work/decided"
printf '%s\n' '60 60 60' '5 60 60' 'done' 'not begun' | cmp -s - "$work/decided" || failed "$(<"$work/decided")"

# The list of unreachable lines.
printf '%s\n' '# comment' '1.0 own,other f 2-3 why' '1.0 own f 9 why' '2.0 own f 5 why' '1.0 other f 5 why' >"$work/list"
printf '%s\n' 'f 0 1 10' 'f 1 7 11' 'f 2 0 12' 'f 3 0 13' 'f 4 0 14' 'f 5 0 15' 'g 0 0 20' >"$work/lines"
awk -v version=1.0 -v target=own -f ../coverage/lines-left.awk "$work/list" "$work/lines" >"$work/left" || failed "a good list is refused"
printf '%s\n' '5 lines not reached, 2 unreachable as listed, 3 left' '    f 4-5' '    g 0' |
    cmp -s - <(tail -n 3 "$work/left") || failed "$(<"$work/left")"
echo 'f 9 1 19' >>"$work/lines"
! awk -v version=1.0 -v target=own -f ../coverage/lines-left.awk "$work/list" "$work/lines" >"$work/left" || failed "a stale list is accepted"
grep -qx 'f 9 is listed as unreachable, but was reached' "$work/left" || failed "$(<"$work/left")"
