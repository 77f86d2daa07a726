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

for folder in "$CORPUS"/bugs/*/; do
    id=$(basename "$folder")
    [[ -f $folder/repro.scn ]] || continue
    check "$id is described" test "$(bug_shown "$folder/about.md" scenario)" = repro.scn
    replay_status=0
    "$CAPPROBE" replay "$folder/repro.scn" --history "$id.jsonl" >replay.txt 2>&1 || replay_status=$?
    obstacle=$(sed -n 's/^  cannot be tested here: //p' replay.txt)
    if [[ $obstacle ]] && ((replay_status == 125)); then
        skip "$id comes out" "$obstacle"
        continue
    fi
    check_exit "$id comes out" 1 replayed
    check_exit "$id is judged so from its history alone" 1 "$CAPPROBE" judge "$id.jsonl"
done

done_testing
