#!/usr/bin/env bash
# Inputs of 1 MB stay within the limits of the engines: 25 s of CPU time and 2 GB of memory. PROGRAMS in the environment
# is the folder with the targets.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "${0%/*}/../.." || exit 99

largest=1000000
export ASAN_OPTIONS=hard_rss_limit_mb=2048:exitcode=99

# Prints the document with its empty elements repeated in place, until the size is reached.
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

# Prints the conversation with the items of all lists repeated, also in nested lists, until the size is reached.
grow_conversation() {
    local times grown
    for times in 64 32 16 8 4 2; do
        grown=$(jq -c --argjson times "$times" 'walk(if type == "array" then [range($times) as $_ | .[]] else . end)' "$1" |
            head -c $((largest + 1)))
        ((${#grown} > largest)) || break
    done
    printf '%s\n' "$grown"
}

# Prints the conversation with thirty CPU models, each with the longest list of missing features that libvirt can handle.
grow_blockers() {
    jq -c 'if [.return | arrays | .[0] | objects | has("unavailable-features")] | any
        then .return = [range(30) as $i | .return[0] | .name = "model\($i)" | .["unavailable-features"] = [range(3900) | "f\(.)"]]
        else . end' "$1"
}

# Status 1 is a known defect, which is fine here; crashes have other statuses.
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
