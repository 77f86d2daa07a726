# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: cov TARGET | play all that is known through a neutral binary, and say what of the loader, or the probe, it reaches

# What virQEMUCapsLoadCache reaches in its own file.
loader='^(virQEMUCapsLoad(Cache|Accel|HostCPUModelInfo|CPUModels|Machines)|virQEMUCapsParse.*|virQEMUCapsValidate(Emulator|Arch)'
loader+='|virQEMUCapsInitHostCPUModel|virQEMUCapsInitCPUModel.*|virQEMUCapsGetCPUModelX86Data|virQEMUCapsGetSEVMaxGuests'
loader+='|virQEMUCapsNewHostCPUModel|virQEMUCapsSetHostModel|virQEMUCapsCPUDefsToModels|virQEMUCapsCPUFilterFeatures)$'

# What virQEMUCapsNewForBinaryInternal does, before it formats what it learned.
probe='^(virQEMUCaps(NewForBinaryInternal|InitQMP.*|InitProcess.*|Probe(QMP|Hyperv).*|FetchCPUDefinitions|ProcessStringFlags'
probe+='|AddMachine|SetDefaultMachine|ArchFromString|CPUFeatureFromQEMU.*|KVMSupports.*|DevicePropsVirtio.*|GetSEVMaxGuests'
probe+='|InitHostCPUModel|InitCPUModel.*))$'

# What virQEMUCapsCacheLookup calls to load, to judge, to probe and to save.
cache='^virQEMUCaps(Cache(New|Lookup|PrivFree)|LoadFile|SaveFile|NewData|IsValid|KVM.*|GuestIsNative|ValidateEmulator)$'

# What a target of capprobe's own reaches in bench/.
cov_of_bench() {
    local out=$1 sources=()
    mapfile -t sources < <(sed 's|^|bench/|' bench/pure.txt | xargs realpath)
    # The compiler names the files by paths with dots, which llvm-cov does not take back.
    llvm-cov show -format html -output-dir "$out/html" -instr-profile "$out/profdata" \
        "-path-equivalence=$programs/../../fuzz/../bench,$(realpath bench)" "$programs/$target" "${sources[@]}"
    llvm-cov report -instr-profile "$out/profdata" \
        "-path-equivalence=$programs/../../fuzz/../bench,$(realpath bench)" "$programs/$target" "${sources[@]}" |
        awk '$8 ~ /^[0-9]+$/ { printf "%-36s %4d lines, %4d not reached\n", $1, $8, $9 }'
    printf '%s/html/index.html\n' "$out"
}

verb_cov() {
    local out inputs=() source profile
    one_target "$@"
    build_flavour coverage
    out=build/coverage/$target
    rm -rf "$out"
    mkdir -p "$out"
    mapfile -t inputs < <(folders_of "$target")
    for source in build/campaigns/"$target"-libfuzzer/corpus build/campaigns/"$target"-afl/sync/*/queue; do
        [[ -d $source ]] && inputs+=("$source")
    done
    LLVM_PROFILE_FILE=$out/profraw nice -n 19 "$programs/$target" --runs 1 "${inputs[@]}" >"$out/log" 2>&1 ||
        say "some inputs are known defects, or worse; see $out/log"
    llvm-profdata merge -o "$out/profdata" "$out/profraw"
    if ! is_libvirts "$target"; then
        cov_of_bench "$out"
        return
    fi
    llvm-cov export -summary-only -instr-profile "$out/profdata" "$programs/$target" >"$out/coverage.json"
    source=$(jq -r '.data[0].files[].filename | select(endswith("/qemu_capabilities.c"))' "$out/coverage.json")
    [[ $source ]] || failed "the binary tells nothing about qemu_capabilities.c"
    # The compiler names the file by a path with dots, which llvm-cov does not take back.
    profile=(-instr-profile "$out/profdata" "-path-equivalence=${source%/*},$(realpath "${source%/*}")" "$programs/$target")
    source=$(realpath "$source")
    llvm-cov show -format html -output-dir "$out/html" "${profile[@]}" "$source"
    case $target in
    caps-probe) loader=$probe ;;
    caps-cachefile) loader=$cache ;;
    esac
    llvm-cov report -show-functions "${profile[@]}" "$source" |
        awk -v loader="$loader" '
            { sub(/^.*:/, "", $1) }
            $1 ~ loader {
                lines += $5; missed += $6
                printf "%-36s %4d lines, %4d not reached\n", $1, $5, $6
            }
            END {
                if (!lines) { print "none of the functions was found" > "/dev/stderr"; exit 255 }
                printf "%-36s %4d lines, %4d not reached: %.1f %%\n", "all", lines, missed, 100 * (lines - missed) / lines
            }'
    printf '%s/html/index.html\n' "$out"
}
