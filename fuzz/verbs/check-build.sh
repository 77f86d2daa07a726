# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: check-build | what OSS-Fuzz checks of a build, for --flavour libfuzzer, afl or afl-asan

# Says how CHECK went, and counts failures in $bad.
verdict() {
    local check=$1 well=$2 figure=$3
    if ((well)); then
        printf 'well    %s: %s\n' "$check" "$figure"
    else
        printf 'FAILED  %s: %s\n' "$check" "$figure"
        bad=$((bad + 1))
    fi
}

calls_of() {
    objdump -d "$1" | grep -cE "call.*<$2" || true
}

check_libfuzzer() {
    local program=$1 text edges
    text=$("$program" -seed=1337 -runs=4 2>&1) || true
    verdict "${program##*/}: four runs" "$(grep -c 'Done 4 runs' <<<"$text")" "$(tail -n 1 <<<"$text")"
    edges=$(sed -nE 's/.*Loaded [0-9]+ modules +\(([0-9]+) inline.*/\1/p' <<<"$text")
    verdict "${program##*/}: instrumented edges" $((${edges:-0} >= 100)) "${edges:-0}, wanted 100 or more"
}

check_afl() {
    local program=$1 text directory
    directory=$(mktemp -d)
    mkdir "$directory/in"
    echo '<qemuCaps/>' >"$directory/in/seed"
    text=$(AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        nice -n 19 afl-fuzz -V 5 -m none -t 5000+ -i "$directory/in" -o "$directory/out" -- "$program" 2>&1) || true
    rm -rf "$directory"
    verdict "${program##*/}: AFL++ starts" "$(grep -c 'All set and ready to roll' <<<"$text")" \
        "$(grep -o 'All set and ready to roll' <<<"$text" || tail -n 1 <<<"$text")"
}

# In a build with sanitizers their calls are many; in one without, there are none or few. AFL++'s runtime has a few calls
# of its own, of other functions.
check_sanitizers() {
    local program=$1 sanitized=$2 asan ubsan
    asan=$(calls_of "$program" '__asan_(report|load|store|handle)') ubsan=$(calls_of "$program" '__ubsan_')
    if ((sanitized)); then
        verdict "${program##*/}: ASan" $((asan >= 1000)) "$asan calls, wanted 1000 or more"
        verdict "${program##*/}: UBSan" $((ubsan >= 168)) "$ubsan calls, wanted 168 or more"
    else
        verdict "${program##*/}: ASan" $((asan == 0)) "$asan calls, wanted none"
        verdict "${program##*/}: UBSan" $((ubsan <= 200)) "$ubsan calls, wanted 200 at most"
    fi
}

verb_check-build() {
    local bad=0 name
    no_operand "$@"
    : "${flavour:=libfuzzer}"
    case $flavour in
    libfuzzer | afl | afl-asan) ;;
    *) wrong "check-build is for libfuzzer, afl and afl-asan, not for $flavour" ;;
    esac
    packages_need fuzz_pack
    build_flavour "$flavour"
    for name in "${targets[@]}"; do
        "check_${flavour%-asan}" "$programs/$name"
        check_sanitizers "$programs/$name" $((${#flavour} > 3))
    done
    return $((bad > 0))
}
