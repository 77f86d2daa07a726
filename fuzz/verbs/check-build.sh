# shellcheck shell=bash
# verb: check-build
# about: check targets like OSS-Fuzz checks a build, without Docker
# help: Builds and packs a flavour with a fuzzing engine, or takes the folder --out as built for the FUZZING_ENGINE and the
# help: SANITIZER in the environment. With the flavour libfuzzer, also runs the scripts replay_build.sh and run_tests.sh of
# help: fuzz/oss-fuzz, without network. Prints a line per check; exit status 1 if one fails. Needs mount namespaces.
# shared: --release --src --to
# option: --flavour FLAVOUR | libfuzzer, afl, afl-asan or environment (default: libfuzzer)
# option: --out DIR | check the targets in DIR instead of building them
# example: scripts/fuzz check-build --flavour afl-asan
# example: FUZZING_ENGINE=libfuzzer SANITIZER=address scripts/fuzz check-build --out build/out

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh
# shellcheck source=fuzz/verbs/pack.sh
. fuzz/verbs/pack.sh
# shellcheck source=fuzz/verbs/check-scripts.sh
. fuzz/verbs/check-scripts.sh

# Prints the result of CHECK of $name, and counts failures in $bad. PASSED is 0 if it failed; FIGURE says what was found.
verdict() {
    local check=$1 passed=$2 figure=$3
    if ((passed)); then
        printf 'ok      %s: %s: %s\n' "$name" "$check" "$figure"
    else
        printf 'FAILED  %s: %s: %s\n' "$name" "$check" "$figure"
        bad=$((bad + 1))
    fi
}

# Runs a command like OSS-Fuzz's machines do: in a copy of the folder in another place, with only /tmp writable, and with
# the build folder hidden. OSS-Fuzz uses unsigned overflows only to guide the fuzzer, so they are not reported.
confined() {
    local own=()
    ((EUID == 0)) || own=(--user --map-current-user --keep-caps)
    # shellcheck disable=SC2016  # for the inner shell
    UBSAN_OPTIONS=silence_unsigned_overflow=1 unshare "${own[@]}" --mount bash -c '
        set -e
        mount --bind /tmp /tmp
        for place in "$2" "$3"; do
            [[ ! -d $place ]] || mount -t tmpfs -o ro none "$place"
        done
        while read -r _ _ _ _ place _; do
            case $place in
            /tmp | /tmp/* | /proc* | /sys*) ;;
            *) mount -o remount,bind,ro "$place" ;;
            esac
        done </proc/self/mountinfo
        cd "$1"
        shift 3
        exec "$@"' confined "$place" "$(realpath "${WORK:-build}")" "$hidden" "$@" </dev/null 2>&1
}

# Checks the number of calls to a sanitizer's runtime: many in a build with it, none or few in one without it.
check_sanitizer() {
    local sanitizer=$1 prefix=$2 least=$3 most=$4 calls
    calls=$(grep -c "$prefix" <<<"$all_calls" || true)
    if [[ " $sanitizers " == *" $sanitizer "* ]]; then
        verdict "$prefix" $((calls >= least)) "$calls calls, expected $least or more"
    else
        verdict "$prefix" $((calls <= most)) "$calls calls, expected at most $most"
    fi
}

check_sanitizers() {
    local all_calls
    all_calls=$(objdump -dC --no-show-raw-insn "$place/$name" | grep -oE '(callq?|bl) +[0-9a-f]+ <__(asan|msan|ubsan)' || true)
    check_sanitizer address asan 1000 "$asan_allowed"
    check_sanitizer memory msan 1000 3
    check_sanitizer undefined ubsan 168 200
}

check_program() {
    local machine expected rpath foreign
    machine=$(readelf -h "$place/$name" | sed -nE 's/ *Machine: *//p')
    case ${ARCHITECTURE:-$(uname -m)} in
    x86_64) expected=X86-64 ;;
    aarch64) expected=AArch64 ;;
    i386) expected=80386 ;;
    *) expected=. ;;
    esac
    verdict machine "$([[ $machine =~ $expected ]] && echo 1 || echo 0)" "$machine"
    rpath=$(readelf -d "$place/$name" | sed -nE 's/.*\((RPATH|RUNPATH)\).*\[(.*)\]/\1 \2/p' | xargs)
    # shellcheck disable=SC2016  # literal, for the dynamic linker
    verdict 'library search path' "$([[ ! $rpath || $rpath == 'RPATH $ORIGIN/lib' ]] && echo 1 || echo 0)" "${rpath:-none}"
    foreign=$(confined ldd "$place/$name" | grep -vE "$place/lib/|linux-vdso|/ld-linux|\\s$libc" | awk '{ print $1 }' | xargs || true)
    verdict 'libraries missing on the runner' "$([[ $foreign ]] && echo 0 || echo 1)" "${foreign:-none}"
}

# Checks that there are seeds, and the file of options. Sets $options to the options of the file, as arguments for libFuzzer.
check_files() {
    local inputs=0 line wrong_lines='' section=''
    if unzip -qq "$place/${name}_seed_corpus.zip" -d "$seeds" 2>/dev/null; then
        inputs=$(find "$seeds" -type f ! -empty | wc -l)
    fi
    verdict "${name}_seed_corpus.zip" $((inputs > 0)) "$inputs non-empty inputs"

    options=()
    while read -r line; do
        if [[ $line =~ ^\[([a-z_]+)\]$ ]]; then
            section=${BASH_REMATCH[1]}
        elif [[ $line =~ ^([a-z_]+)\ *=\ *([^ ]+)$ && $section ]]; then
            [[ $section != libfuzzer ]] || options+=("-${BASH_REMATCH[1]}=${BASH_REMATCH[2]}")
        elif [[ $line && $line != \#* ]]; then
            wrong_lines+=" $line"
        fi
    done < <(cat "$place/$name.options" 2>/dev/null || echo 'no such file')
    verdict "$name.options" "$([[ $wrong_lines ]] && echo 0 || echo 1)" "${wrong_lines:-${options[*]}}"
}

check_libfuzzer() {
    local text edges words status=0
    text=$(confined "./$name" -seed=1337 -runs=4 "${options[@]}" "-dict=$name.dict") || true
    verdict 'four runs' "$(grep -c 'Done 4 runs' <<<"$text")" "$(tail -n 1 <<<"$text")"
    edges=$(sed -nE 's/.*Loaded [0-9]+ modules? .*(counters|guards)\): ([0-9]+) .*/\2/p' <<<"$text")
    verdict 'instrumented edges' $((${edges:-0} >= 100)) "${edges:-0}, expected 100 or more"
    words=$(sed -nE 's/^Dictionary: ([0-9]+) entries/\1/p' <<<"$text" | head -n 1)
    verdict "$name.dict" $((${words:-0} > 0)) "${words:-0} words accepted by the engine"
    verdict 'options' "$(grep -q 'unrecognized flag' <<<"$text" && echo 0 || echo 1)" \
        "$(grep -o "unrecognized flag '[^']*'" <<<"$text" || echo 'known to the engine')"
    text=$(confined "./$name" -runs=0 "${options[@]}" "$seeds") || status=$?
    verdict 'seeds' $((status == 0)) "$(grep -E 'ERROR|Done|SUMMARY' <<<"$text" | tail -n 1 || echo "status $status")"
}

check_afl() {
    local text words size
    mkdir "$place.in"
    echo '<qemuCaps/>' >"$place.in/seed"
    local -x AFL_FORKSRV_INIT_TMOUT=30000
    text=$(confined afl-fuzz -V 1 -m none -t 5000+ -x "$name.dict" -i "$place.in" -o "$place.out" -- "./$name") || true
    rm -rf "$place".{in,out}
    verdict 'AFL++ starts' "$(grep -c 'All set and ready to roll' <<<"$text")" \
        "$(grep -o 'All set and ready to roll' <<<"$text" || tail -n 1 <<<"$text")"
    # This always ends with an error.
    size=$(AFL_DUMP_MAP_SIZE=1 confined "./$name" | tail -n 1 || true)
    verdict 'instrumented edges' "$([[ $size =~ ^[0-9]+$ ]] && ((size >= 100)) && echo 1 || echo 0)" "${size:-0}, expected 100 or more"
    words=$(sed -nE 's/.*Loaded a total of ([0-9]+) extras.*/\1/p' <<<"$text")
    verdict "$name.dict" $((${words:-0} > 0)) "${words:-0} words accepted by the engine"
}

# Prints the names of the targets in DIRECTORY: executables with the entry point.
targets_in() {
    find "$1" -maxdepth 1 -type f -perm -u+x ! -name 'afl-*' -exec grep -l LLVMFuzzerTestOneInput {} + | sed 's|.*/||' | sort
}

verb_check-build() {
    local flavour out=${option[out]-} scratch
    local bad=0 checks=libfuzzer sanitizers='' asan_allowed=0 name names options place seeds hidden
    flavour=${option[flavour]-${out:+environment}}
    packages_need fuzz_pack
    case $flavour in
    '' | libfuzzer) flavour=libfuzzer sanitizers='address undefined' ;;
    afl) checks=afl ;;
    afl-asan) checks=afl sanitizers='address undefined' ;;
    environment) checks=${FUZZING_ENGINE:-libfuzzer} sanitizers=${SANITIZER:-address} ;;
    *) usage_error "check-build takes the flavours libfuzzer, afl, afl-asan and environment, not '$flavour'" ;;
    esac
    [[ $checks == libfuzzer || $checks == afl ]] || usage_error "FUZZING_ENGINE must be libfuzzer or afl, not '$checks'"
    [[ ! $sanitizers =~ [^a-z\ ] ]] || usage_error "SANITIZER is not the name of a sanitizer: '$sanitizers'"
    if [[ $checks == afl ]]; then
        packages_need fuzz_afl
        # The runtime of AFL++ contains some calls.
        asan_allowed=50
    fi
    unshare --user --map-current-user --mount true 2>/dev/null || unshare --mount true 2>/dev/null ||
        die "check-build needs mount namespaces, which this machine does not allow"

    scratch=$(TMPDIR=/tmp mktemp -d)
    # shellcheck disable=SC2064  # the folder is known now, and not visible when the trap runs
    trap "rm -rf ${scratch@Q}" EXIT
    place=$scratch/place
    if [[ $out ]]; then
        [[ -d $out ]] || usage_error "the folder $out does not exist"
        cp -r "$out" "$place"
        hidden=$(realpath "$out")
    else
        build_flavour "$flavour"
        pack "$place"
        hidden=$programs
    fi
    mapfile -t names < <(targets_in "$place")
    ((${#names[@]})) || fail "$hidden contains no targets"
    for name in "${names[@]}"; do
        verdict name "$([[ $name =~ [^A-Za-z0-9_-] ]] && echo 0 || echo 1)" "only letters, digits, - and _"
        seeds=$scratch/seeds-$name
        check_files
        check_program
        check_sanitizers
        "check_$checks"
    done
    [[ $out || $flavour != libfuzzer ]] || check_scripts "$scratch"
    return $((bad > 0))
}
