#!/usr/bin/env bash
# Every scenario of a known defect shows the defect in the way that it says, with the embedded driver, and its history alone
# shows it too. A libvirt in which the defect is fixed, as its page says, does not show it.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=scripts/bugs.sh
source "$CORPUS/../scripts/bugs.sh"
cd "$scratch" || exit 99

# comes_out PAGE VERSION STATUS: passes if a run with this exit status, whose judgement is in replay.txt, is as the page says.
comes_out() {
    local page=$1 version=$2 status=$3 id wanted=0 note='not reproduced'
    id=$(bug_field "$page" id)
    ! bug_is_in "$page" "$version" || wanted=1 note='reproduced as expected'
    cat replay.txt
    ((status == wanted)) || { echo "exit status $status, expected $wanted for libvirt $version" && return 1; }
    grep -Fx "$id: $note" replay.txt >/dev/null || { echo "expected '$id: $note'" && return 1; }
}

# SINCE FIXED OUTCOME STATUS: the same for a defect that this test makes up, and libvirt 9.0.0.
made_up() {
    local since=$1 fixed=$2
    mkdir -p page
    printf '%s\n' --- 'id: x' "since: $since" "fixed: $fixed" --- >page/about.md
    printf 'x: %s\n' "$3" >replay.txt
    comes_out page/about.md 9.0.0 "$4"
}
check 'a defect that is not fixed must show' made_up 9.0.0 no 'reproduced as expected' 1
check_exit 'it must not be another one' 1 made_up 9.0.0 no 'reproduced in part (line 3)' 1
check_exit 'it must not be gone' 1 made_up 9.0.0 no 'not reproduced' 0
check 'a defect that is fixed since must be gone' made_up 8.0.0 9.0.0 'not reproduced' 0
check_exit 'it must not show' 1 made_up 8.0.0 9.0.0 'reproduced as expected' 1
check 'a defect that is fixed later must show' made_up 8.0.0 10.0.0 'reproduced as expected' 1
check 'a defect of later versions must not show' made_up 10.0.0 no 'not reproduced' 0

# OPTION...: runs scenarios of defects once. Without fuzz targets, which have tests of their own.
reproduce() {
    "$CAPPROBE" repro "$@" --rounds 1 --confirm no --fuzz "$scratch" --keep . --format json 2>/dev/null
}
export -f reproduce

# Runs the scenario of each defect once. Leaves ID.jsonl, and the outcomes in bugs.json. Those that are not about KVM do without it, for
# then a probe takes half the time; those that need a daemon have libvirtd. Most of the time libvirt waits.
shards=$(($(nproc) + 1))
for ((i = 1; i <= shards; i++)); do
    reproduce --all --shard "$i/$shards" --kvm absent >"shard-$i" &
done
wait
# NEED FILE: writes the IDs of the defects whose scenario has this need.
list_needing() {
    grep -lx "needs $1" "$CORPUS"/bugs/*/repro.scn | sed 's|.*/\(.*\)/repro.scn|\1|' >"$2"
}
list_needing kvm about-kvm
list_needing daemons about-daemons
! command -v libvirtd >/dev/null || daemon=(--target libvirtd)
# shellcheck disable=SC2016  # the arguments are those of the inner shell
{
    cat about-kvm
    sed "s/\$/ --kvm absent ${daemon[*]-}/" about-daemons
} | scratch=$scratch xargs -P "$shards" -L 1 bash -c 'reproduce "$@" >"alone-$1"' reproduce
for file in shard-*; do
    jq --rawfile alone <(cat about-kvm about-daemons) '.bugs |= map(select(.id | IN($alone | split("\n")[]) | not))' "$file" >"together-${file#shard-}"
done
jq -s 'map(.libvirt)[0] as $libvirt | map(.bugs[]) | {$libvirt, bugs: .}' together-* alone-* >bugs.json
version=$(jq -r .libvirt bugs.json)

# What the table of outcomes says, by ID: the outcome and how often the defect showed, the reason if it is not known.
declare -A outcomes=() reasons=()
while IFS=$'\t' read -r id outcome reason; do
    outcomes[$id]=$outcome reasons[$id]=$reason
done < <(jq -r '.bugs[] | [.id, "\(.outcome) \(.hits)/\(.runs)", .reason // ""] | @tsv' bugs.json)

check 'all known defects are in the table' diff <(grep -h '^id: ' "$CORPUS"/bugs/*/about.md | cut -c 5- | sort) <(jq -r '.bugs[].id' bugs.json | sort)
for page in "$CORPUS"/bugs/*/about.md; do
    id=$(bug_field "$page" id)
    [[ $(bug_shown "$page" scenario) ]] || continue
    reason=${reasons[$id]-}
    if [[ ${outcomes[$id]-} == untestable* && $reason =~ ^(nothing was run:|its timing|.* could not be carried out to its end) ]]; then
        skip "$id comes out" "$reason"
        continue
    fi
    # If the timing of the first run did not come about, there is a second one.
    histories=("$id.jsonl" "$id"-[0-9].jsonl) status=0
    [[ -e ${histories[-1]} ]] || unset 'histories[-1]'
    "$CAPPROBE" judge "${histories[-1]}" >replay.txt 2>&1 || status=$?
    check "$id comes out" comes_out "$page" "$version" "$status"
    case $status in
    0) wanted='not reproduced 0/1' ;;
    1) wanted='reproduced 1/1' ;;
    *) wanted=untestable ;;
    esac
    check "$id is in the table as its history alone says" test "${outcomes[$id]-}" = "$wanted"
done

reproduce_one() {
    "$CAPPROBE" repro mtime-kept --rounds 1 --confirm no >one.txt
}
check_exit 'one defect is reproduced' 1 reproduce_one
check 'its proof is shown' grep -F 'line 9: expect verdict stale: the defect shows' one.txt
check 'and how often it showed' grep -x 'reproduced 1/1' one.txt

done_testing
