#!/usr/bin/env bash
# Every defect of the catalogue that the embedded driver can show comes out.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# What the replay said, and how it ended.
replayed() {
    cat replay.txt
    return "$replay_status"
}

for folder in "$CORPUS"/bugs/*/; do
    id=$(basename "$folder")
    [[ -f $folder/repro.scn ]] || continue
    check "$id is described" test -s "$folder/about.md"
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
