# shellcheck shell=bash
# verb: cov [TARGET]
# about: play seeds and collected inputs, and print what they reach of the code under test
# help: For a target that fuzzes libvirt this is the loader (or the probe) in qemu_capabilities.c, or the reader of firmware
# help: descriptors in qemu_firmware.c: a table of its functions, and the lines that are still to be reached;
# help: fuzz/coverage/unreachable.txt lists those that cannot be. A branch is one of the two ways of a condition.
# help: The first line printed is the path of an HTML report. Instead of a TARGET, --compare shows side by side what
# help: libvirt's own unit tests, a plain fuzzer and ours reach.
# shared: --release --src
# option: --compare | compare libvirt's unit tests, a plain fuzzer and ours
# option: --corpus | play only the committed corpus, and fail if a line is left that can be reached
# option: --time T | CPU time of each fuzzer that --compare runs (default: 10m)
# example: scripts/fuzz cov caps-load
# example: scripts/fuzz cov caps-load --corpus
# example: scripts/fuzz cov --compare --time 1h

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh
# shellcheck source=fuzz/eval/fuzzer.sh
. fuzz/eval/fuzzer.sh
# shellcheck source=fuzz/verbs/unit-tests.sh
. fuzz/verbs/unit-tests.sh

# Functions that virQEMUCapsLoadCache calls in its own file.
loader='^(virQEMUCapsLoad(Cache|Accel|HostCPUModelInfo|CPUModels|Machines)|virQEMUCapsParse.*|virQEMUCapsValidate(Emulator|Arch)'
loader+='|virQEMUCapsInitHostCPUModel|virQEMUCapsInitCPUModel.*|virQEMUCapsGetCPUModelX86Data|virQEMUCapsGetSEVMaxGuests'
loader+='|virQEMUCapsNewHostCPUModel|virQEMUCapsSetHostModel|virQEMUCapsCPUDefsToModels|virQEMUCapsCPUFilterFeatures)$'

# Functions of virQEMUCapsFillDomainCaps, which only caps-domcaps calls.
filler='^(virQEMUCapsFillDomain.*|virQEMUCapsSupportsGICVersion|virQEMUCapsIsCPUModeSupported)$'
# Functions of virQEMUCapsNewForBinaryInternal, up to the point where it formats its result.
probe='^(virQEMUCaps(NewForBinaryInternal|InitQMP.*|InitProcess.*|Probe(QMP|Hyperv).*|FetchCPUDefinitions|ProcessStringFlags'
probe+='|AddMachine|SetDefaultMachine|ArchFromString|CPUFeatureFromQEMU.*|KVMSupports.*|DevicePropsVirtio.*|GetSEVMaxGuests'
probe+='|InitHostCPUModel|InitCPUModel.*))$'

# Functions of qemuFirmwareGetSupported, in its own file.
firmware='^qemuFirmware(GetSupported|FetchParsedConfigs|FetchConfigs|MatchesMachineArch|.*Parse|.*Free|.*FreeContent)$'

# Functions that virQEMUCapsCacheLookup calls to load a document, check its validity, probe and save.
cache='^virQEMUCaps(Cache(New|Lookup|PrivFree)|LoadFile|SaveFile|NewData|IsValid|KVM.*|GuestIsNative|ValidateEmulator)$'

# The file of the functions.
loader_file=/qemu_capabilities.c

# Prints what a target that fuzzes capprobe itself reaches in bench/.
cov_of_bench() {
    local out=$1 sources=()
    mapfile -t sources < <(sed 's|^|bench/|' bench/pure.txt | xargs realpath)
    # The compiler records paths with dots, which llvm-cov does not match with real ones.
    llvm-cov show -format html -output-dir "$out/html" -instr-profile "$out/profdata" \
        "-path-equivalence=$programs/../../fuzz/../bench,$(realpath bench)" "$programs/targets/$target" "${sources[@]}"
    llvm-cov report -instr-profile "$out/profdata" \
        "-path-equivalence=$programs/../../fuzz/../bench,$(realpath bench)" "$programs/targets/$target" "${sources[@]}" |
        awk '$8 ~ /^[0-9]+$/ { printf "%-36s %4d lines, %4d not reached\n", $1, $8, $9 }'
    printf '%s/html/index.html\n' "$out"
}

# Merges the raw profiles FILE... of PROGRAM into OUT/profdata. Sets $profile to the arguments that llvm-cov needs.
profile_of() {
    local program=$1 out=$2
    shift 2
    llvm-profdata merge -o "$out/profdata" "$@"
    profile=(-instr-profile "$out/profdata" "$program")
}

# Prints the lines of the loader in the format of lines-reached.awk.
lines_of_loader() {
    llvm-cov export -format=lcov "${profile[@]}" |
        awk -v file="$loader_file" -v functions="$loader" -f fuzz/coverage/lines-reached.awk
}

# Prints the table of functions and the lines of FILE that are still to be reached.
report_lines() {
    local version
    version=$(version_of_libvirt)
    awk -v version="$version" -v target="${target:-caps-load}" -v complete="${option[corpus]+1}" \
        -f fuzz/coverage/lines-left.awk fuzz/coverage/unreachable.txt "$1"
}

# Plays files through the target NAME, built for coverage. The profile goes to OUT/NAME.profraw. Known defects are accepted;
# a crash is not, since it leaves no profile.
play_for_coverage() {
    local name=$1 out=$2
    shift 2
    LLVM_PROFILE_FILE=$out/$name.profraw nice -n 19 "$programs/targets/$name" --runs 1 "$@" >"$out/log" 2>&1 ||
        (($? == 1)) || fail "an input crashes $name; find it with: scripts/fuzz triage FOLDER; the last inputs are in $out/log"
}

# Prints the lines that libvirt's own unit tests reach.
lines_of_unit_tests() {
    local out=$1/unit name profile
    rm -rf "$out"
    mkdir -p "$out"
    for name in "${unit_tests[@]}"; do
        LLVM_PROFILE_FILE=$out/$name-%m.profraw run_unit_test "$name" "$out/$name.log" ||
            say "libvirt's test $name fails; the log is $out/$name.log"
    done
    profile_of "$unit/tests/libtest_qemu_driver.so" "$out" "$out"/*.profraw
    lines_of_loader
}

# Runs FUZZER on the unmodified libvirt for $seconds of CPU time, in the folder OUT. Does nothing if that was done before.
run_for_coverage() {
    local fuzzer=$1 out=$2 program status spent total=0 seed options
    program=$programs/eval/eval-$fuzzer
    [[ ! -e $out/spent || $out/spent -ot $program || $(<"$out/spent") != "$seconds" ]] || return 0
    rm -rf "$out"
    mkdir -p "$out/corpus" "$out/found"
    mapfile -t options < <(options_of "$fuzzer")
    say "running $fuzzer for $seconds s of CPU time"
    for ((seed = 1; total < seconds; seed++)); do
        run_fuzzer "$program" "$((seconds - total))" "$out/log" -seed="$seed" "${options[@]}" -artifact_prefix="$out/found/" "$out/corpus" "$seeds"
        total=$(awk "BEGIN { print int($total + $spent + 0.5) }")
        is_time_up || say "$fuzzer found something, see $out/found; continuing"
    done
    echo "$seconds" >"$out/spent"
}

# Prints side by side what libvirt's unit tests reach, and what two fuzzers reach in equal CPU time from equal seeds.
compare_coverage() {
    local seconds place seeds libvirt programs unit unit_list unit_tests fuzzer name out profile
    seconds=$(time_option 10m)
    build_unit_tests
    build_fuzzers plain ours
    out=$place/coverage
    mkdir -p "$out"
    for fuzzer in plain ours; do
        run_for_coverage "$fuzzer" "$out/$fuzzer"
    done
    lines_of_unit_tests "$out" >"$out/unit.lines"
    build_flavour coverage
    for fuzzer in plain ours; do
        for name in $(targets_of "$fuzzer"); do
            play_for_coverage "$name" "$out/$fuzzer" "$seeds" "$out/$fuzzer/corpus"
        done
        profile_of "$programs/targets/caps-load" "$out/$fuzzer" "$out/$fuzzer"/*.profraw
        lines_of_loader >"$out/$fuzzer.lines"
    done
    awk '
        FNR == 1 { column++ }
        { lines[column, $1]++; reached[column, $1] += $3 > 0; all[column] += $3 > 0 }
        column == 3 && !($1 in seen) { seen[$1]; order[++functions] = $1 }
        END {
            printf "%-36s %6s %11s %6s %6s\n", "function", "lines", "unit tests", "plain", "ours"
            for (i = 1; i <= functions; i++) {
                name = order[i]
                total += lines[3, name]
                printf "%-36s %6d %11d %6d %6d\n", name, lines[3, name], reached[1, name], reached[2, name], reached[3, name]
            }
            printf "%-36s %6d %11d %6d %6d\n", "all", total, all[1], all[2], all[3]
            printf "%-36s %6s %9.1f %% %4.1f %% %4.1f %%\n", "", "", 100 * all[1] / total, 100 * all[2] / total, 100 * all[3] / total
        }' "$out"/{unit,plain,ours}.lines | tee "$out/table.txt"
    echo
    report_lines "$out/ours.lines" | sed -n '/ left$/,$p'
}

verb_cov() {
    local out folders source profile
    if [[ ${option[compare]-} ]]; then
        [[ ! $target ]] || usage_error "cov takes either a target or --compare"
        [[ ! ${option[corpus]-} ]] || usage_error "--corpus is only for one TARGET"
        compare_coverage
        return
    fi
    [[ $target ]] || usage_error "cov takes one TARGET, or --compare; targets: ${targets[*]}"
    [[ ! ${option[time]-} ]] || usage_error "--time is only for --compare"
    if [[ ${option[corpus]-} ]]; then
        mapfile -t folders < <(corpus_folders "$target")
        check_inputs "$target" "${folders[@]}"
    else
        collect_folders "$target"
    fi
    case $target in
    caps-domcaps) loader+="|$filler" ;;
    caps-probe) loader=$probe ;;
    caps-cachefile | caps-sequence) loader=$cache ;;
    caps-firmware) loader=$firmware loader_file=/qemu_firmware.c ;;
    esac
    build_flavour coverage
    out=build/coverage/$target
    rm -rf "$out"
    mkdir -p "$out"
    play_for_coverage "$target" "$out" "${folders[@]}"
    profile_of "$programs/targets/$target" "$out" "$out/$target.profraw"
    if ! is_libvirts "$target"; then
        cov_of_bench "$out"
        return
    fi
    llvm-cov export -summary-only "${profile[@]}" >"$out/coverage.json"
    source=$(jq -r --arg file "$loader_file" '.data[0].files[].filename | select(endswith($file))' "$out/coverage.json")
    [[ $source ]] || fail "the profile contains nothing about ${loader_file#/}"
    # The compiler records a path with dots, which llvm-cov does not match with the real one.
    llvm-cov show -format html -output-dir "$out/html" "-path-equivalence=${source%/*},$(realpath "${source%/*}")" "${profile[@]}" \
        "$(realpath "$source")"
    lines_of_loader >"$out/lines"
    printf '%s/html/index.html\n' "$out"
    report_lines "$out/lines"
}
