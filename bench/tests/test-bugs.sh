#!/usr/bin/env bash
# Every scenario of a known defect shows the defect with the embedded driver, and its history alone shows it too.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=scripts/bugs.sh
source "$CORPUS/../scripts/bugs.sh"
cd "$scratch" || exit 99

# Prints the output of the last replay and returns its exit status.
replayed() {
    cat replay.txt
    return "$replay_status"
}

# PAGE VERSION: whether a version has the defect, as far as is known.
is_seen_on() {
    local page=$1 version=$2 since fixed
    since=$(bug_field "$page" since) fixed=$(bug_field "$page" fixed)
    [[ " $(bug_field "$page" seen) " == *" $version "* ]] ||
        { [[ $fixed == no || $version != "$(printf '%s\n' "$version" "$fixed" | sort -V | tail -n 1)" ]] &&
            [[ $since == "$(printf '%s\n' "$version" "$since" | sort -V | head -n 1)" ]]; }
}

for folder in "$CORPUS"/bugs/*/; do
    id=$(basename "$folder")
    [[ -f $folder/repro.scn ]] || continue
    check "$id is described" test "$(bug_shown "$folder/about.md" scenario)" = repro.scn
    replay_status=0 options=()
    # libvirt waits without end in this one, several times.
    [[ $id != emulator-hangs ]] || options=(--deadline 5s)
    "$CAPPROBE" replay "$folder/repro.scn" "${options[@]}" --history "$id.jsonl" >replay.txt 2>&1 || replay_status=$?
    obstacle=$(sed -n 's/^  cannot be tested here: //p' replay.txt)
    if [[ $obstacle ]] && ((replay_status == 125)); then
        skip "$id comes out" "$obstacle"
        continue
    fi
    # On a version that does not have the defect, nothing comes out.
    version=$(jq -r 'select(.type == "history").environment.libvirt.version' "$id.jsonl")
    if ! is_seen_on "$folder/about.md" "$version"; then
        check_exit "$id was not seen on $version, and is not" 0 replayed
        continue
    fi
    check_exit "$id comes out" 1 replayed
    check_exit "$id is judged so from its history alone" 1 "$CAPPROBE" judge "$id.jsonl"
done

done_testing
