#!/usr/bin/env bash
# Inputs of 1 MB stay within the limits that an engine gives them: 25 s of processor time and 2 GB of memory. The
# environment names PROGRAMS, the folder of the targets.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "${0%/*}/../.." || exit 99

largest=1000000
export ASAN_OPTIONS=hard_rss_limit_mb=2048:exitcode=99

# Repeats each element without parts where it stands, as often as there is room for.
grow_document() {
    awk -v largest="$largest" '
        { lines[NR] = $0; size += length + 1 }
        /\/>$/ { repeated += length + 1 }
        END {
            times = repeated ? int((largest - size) / repeated) + 1 : 1
            for (i = 1; i <= NR; i++)
                for (n = lines[i] ~ /\/>$/ ? times : 1; n > 0; n--)
                    print lines[i]
        }' "$1"
}

# Repeats the elements of all lists, those in lists included, as often as there is room for.
grow_conversation() {
    local times grown
    for times in 64 32 16 8 4 2; do
        grown=$(jq -c --argjson times "$times" 'walk(if type == "array" then [range($times) as $_ | .[]] else . end)' "$1" |
            head -c $((largest + 1)))
        ((${#grown} > largest)) || break
    done
    printf '%s\n' "$grown"
}

# Gives an emulator thirty CPU models, with as many features missing as a list may have before libvirt takes too long.
grow_blockers() {
    jq -c 'if [.return | arrays | .[0] | objects | has("unavailable-features")] | any
        then .return = [range(30) as $i | .return[0] | .name = "model\($i)" | .["unavailable-features"] = [range(3900) | "f\(.)"]]
        else . end' "$1"
}

# A known defect is none of our business here, and any other crash has another status.
within_limits() {
    local status=0
    prlimit --core=0 --cpu=25 "$1" --runs 1 "$2" || status=$?
    ((status <= 1))
}

for name in cpu cpudata flags gic host-cpu hyperv machine sgx; do
    grow_document "corpus/seeds/caps-load/$name.xml" >"$scratch/$name.xml"
    for target in caps-load caps-roundtrip caps-domcaps caps-cachefile; do
        check "$target: $name" within_limits "$PROGRAMS/$target" "$scratch/$name.xml"
    done
done
for grow in grow_conversation grow_blockers; do
    "$grow" corpus/seeds/caps-probe/small-x86_64-tcg.jsonl >"$scratch/$grow.jsonl"
    check "caps-probe: $grow" within_limits "$PROGRAMS/caps-probe" "$scratch/$grow.jsonl"
done

done_testing
