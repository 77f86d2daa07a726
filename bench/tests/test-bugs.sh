#!/usr/bin/env bash
# Every defect of the catalogue that the embedded driver can show comes out.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

for folder in "$CORPUS"/bugs/*/; do
    id=$(basename "$folder")
    [[ -f $folder/repro.scn ]] || continue
    check "$id is described" test -s "$folder/about.md"
    if grep -q '^needs root' "$folder/repro.scn" && ((EUID != 0)); then
        skip "$id comes out" 'needs root'
        continue
    fi
    if grep -q '^needs kvm' "$folder/repro.scn" && ! : 2>/dev/null <>/dev/kvm; then
        skip "$id comes out" 'needs KVM'
        continue
    fi
    check_exit "$id comes out" 1 "$CAPPROBE" replay "$folder/repro.scn" --history "$id.jsonl"
    check_exit "$id is judged so from its history alone" 1 "$CAPPROBE" judge "$id.jsonl"
done

done_testing
