# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: check-build | OSS-Fuzz's checks of a build, by --flavour, or of a directory that is there, by --out

# shellcheck source=fuzz/verbs/pack.sh
. fuzz/verbs/pack.sh

# Says how CHECK of $name went, and counts failures in $bad.
verdict() {
    local check=$1 well=$2 figure=$3
    if ((well)); then
        printf 'well    %s: %s: %s\n' "$name" "$check" "$figure"
    else
        printf 'FAILED  %s: %s: %s\n' "$name" "$check" "$figure"
        bad=$((bad + 1))
    fi
}

# Runs a command as OSS-Fuzz's machines would: in a copy of the directory in another place, with nothing but /tmp to
# write to, and without what it was built from. That an unsigned number wraps around only guides the fuzzer there.
confined() {
    local own=()
    ((EUID == 0)) || own=(--user --map-current-user --keep-caps)
    # shellcheck disable=SC2016  # the inner shell expands these
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

# In a build with a sanitizer the calls of its runtime are many; in one without, there are none or few.
check_sanitizer() {
    local sanitizer=$1 prefix=$2 wanted=$3 allowed=$4 calls
    calls=$(grep -c "$prefix" <<<"$all_calls" || true)
    if [[ " $sanitizers " == *" $sanitizer "* ]]; then
        verdict "$prefix" $((calls >= wanted)) "$calls calls, wanted $wanted or more"
    else
        verdict "$prefix" $((calls <= allowed)) "$calls calls, wanted $allowed at most"
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
    local machine wanted rpath foreign
    machine=$(readelf -h "$place/$name" | sed -nE 's/ *Machine: *//p')
    case ${ARCHITECTURE:-$(uname -m)} in
    x86_64) wanted=X86-64 ;;
    aarch64) wanted=AArch64 ;;
    i386) wanted=80386 ;;
    *) wanted=. ;;
    esac
    verdict machine "$([[ $machine =~ $wanted ]] && echo 1 || echo 0)" "$machine"
    rpath=$(readelf -d "$place/$name" | sed -nE 's/.*\((RPATH|RUNPATH)\).*\[(.*)\]/\1 \2/p' | xargs)
    # shellcheck disable=SC2016  # as the linker has it
    verdict 'where libraries are looked for' "$([[ ! $rpath || $rpath == 'RPATH $ORIGIN/lib' ]] && echo 1 || echo 0)" "${rpath:-nowhere}"
    foreign=$(confined ldd "$place/$name" | grep -vE "$place/lib/|linux-vdso|/ld-linux|\\s$libc" | awk '{ print $1 }' | xargs || true)
    verdict 'libraries that the runner lacks' "$([[ $foreign ]] && echo 0 || echo 1)" "${foreign:-none}"
}

# Sets $options to what the file says, in the engine's spelling.
check_files() {
    local inputs=0 line wrong_lines='' section=''
    if unzip -qq "$place/${name}_seed_corpus.zip" -d "$seeds" 2>/dev/null; then
        inputs=$(find "$seeds" -type f ! -empty | wc -l)
    fi
    verdict "${name}_seed_corpus.zip" $((inputs > 0)) "$inputs inputs that are not empty"

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
    verdict 'instrumented edges' $((${edges:-0} >= 100)) "${edges:-0}, wanted 100 or more"
    words=$(sed -nE 's/^Dictionary: ([0-9]+) entries/\1/p' <<<"$text" | head -n 1)
    verdict "$name.dict" $((${words:-0} > 0)) "${words:-0} words that the engine accepts"
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
    # It ends in an error by design.
    size=$(AFL_DUMP_MAP_SIZE=1 confined "./$name" | tail -n 1 || true)
    verdict 'instrumented edges' "$([[ $size =~ ^[0-9]+$ ]] && ((size >= 100)) && echo 1 || echo 0)" "${size:-0}, wanted 100 or more"
    words=$(sed -nE 's/.*Loaded a total of ([0-9]+) extras.*/\1/p' <<<"$text")
    verdict "$name.dict" $((${words:-0} > 0)) "${words:-0} words that the engine accepts"
}

# Prints the targets that DIRECTORY holds: what can be run and has the entry point.
targets_in() {
    find "$1" -maxdepth 1 -type f -perm -u+x ! -name 'afl-*' -exec grep -l LLVMFuzzerTestOneInput {} + | sed 's|.*/||' | sort
}

verb_check-build() {
    local bad=0 checks=libfuzzer sanitizers='' asan_allowed=0 name names options place seeds hidden
    no_operand "$@"
    packages_need fuzz_pack
    case ${flavour:=${out:+environment}} in
    '' | libfuzzer) flavour=libfuzzer sanitizers='address undefined' ;;
    afl) checks=afl ;;
    afl-asan) checks=afl sanitizers='address undefined' ;;
    environment) checks=${FUZZING_ENGINE:-libfuzzer} sanitizers=${SANITIZER:-address} ;;
    *) wrong "check-build is for libfuzzer, afl, afl-asan and environment, not for $flavour" ;;
    esac
    [[ $checks == libfuzzer || $checks == afl ]] || wrong "check-build knows the engines libfuzzer and afl, not $checks"
    [[ ! $sanitizers =~ [^a-z\ ] ]] || wrong "$sanitizers is no sanitizer"
    if [[ $checks == afl ]]; then
        packages_need fuzz_afl
        # Its runtime has some calls of its own.
        asan_allowed=50
    fi
    unshare --user --map-current-user --mount true 2>/dev/null || unshare --mount true 2>/dev/null ||
        die "this needs private mount namespaces, which are not to be had here"

    scratch=$(TMPDIR=/tmp mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    place=$scratch/place
    if [[ $out ]]; then
        [[ -d $out ]] || wrong "there is no directory $out"
        cp -r "$out" "$place"
        hidden=$(realpath "$out")
    else
        build_flavour "$flavour"
        pack "$place"
        hidden=$programs
    fi
    mapfile -t names < <(targets_in "$place")
    ((${#names[@]})) || failed "$hidden holds no target"
    for name in "${names[@]}"; do
        verdict name "$([[ $name =~ [^A-Za-z0-9_-] ]] && echo 0 || echo 1)" "letters, digits, - and _"
        seeds=$scratch/seeds-$name
        check_files
        check_program
        check_sanitizers
        "check_$checks"
    done
    return $((bad > 0))
}
