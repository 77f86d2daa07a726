#!/usr/bin/env bash
# Every scenario of a known defect shows the defect in the way that it says, with the embedded driver, and its history alone
# shows it too. A libvirt in which the defect is fixed, as its page says, does not show it.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=scripts/bugs.sh
source "$CORPUS/../scripts/bugs.sh"
cd "$scratch" || exit 99

# comes_out PAGE VERSION STATUS NOTE: passes if a run with this exit status and the note in replay.txt is as the page says.
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

# ID: replays the reproducer. Leaves ID.txt, ID.jsonl and ID.status.
replay() {
    local id=$1 status=0 options
    read -ra options <<<"--confirm no $(bug_options "$id")"
    # Without KVM a probe takes half the time.
    grep -q kvm "$CORPUS/bugs/$id/repro.scn" || options+=(--kvm absent)
    "$CAPPROBE" replay "$CORPUS/bugs/$id/repro.scn" "${options[@]}" --history "$id.jsonl" >"$id.txt" 2>&1 || status=$?
    echo "$status" >"$id.status"
}
export -f replay bug_options
export CAPPROBE CORPUS

untimely() {
    sed -n 's/^undecided: \(the timing of .*\)/\1/p' "$1.txt"
}

ids=()
for folder in "$CORPUS"/bugs/*/; do
    [[ ! -f $folder/repro.scn ]] || ids+=("$(basename "$folder")")
done
# Most of the time libvirt waits.
printf '%s\n' "${ids[@]}" | xargs -P "$(($(nproc) + 1))" -I ID bash -c 'replay ID'

for id in "${ids[@]}"; do
    page=$CORPUS/bugs/$id/about.md
    check "$id is described" test "$(bug_shown "$page" scenario)" = repro.scn
    # A busy host may be too slow for a scenario's timing; with nothing beside it, it is less so.
    for ((i = 0; i < 3; i++)); do
        [[ ! $(untimely "$id") ]] || replay "$id"
    done
    status=$(<"$id.status")
    obstacle=$(sed -n 's/^  cannot be tested here: //p' "$id.txt" && untimely "$id")
    if [[ $obstacle ]] && ((status == 125)); then
        skip "$id comes out" "$obstacle"
        continue
    fi
    cp "$id.txt" replay.txt
    version=$(head -n 1 "$id.jsonl" | jq -r '.environment.libvirt.version')
    check "$id comes out" comes_out "$page" "$version" "$status"
    check_exit "$id is judged so from its history alone" "$status" "$CAPPROBE" judge "$id.jsonl"
done

done_testing
