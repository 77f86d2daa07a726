# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: test | play seeds, regressions and known bugs; the last line counts them

verb_test() {
    local log passed failed skipped status=0
    no_operand "$@"
    : "${flavour:=asan}"
    ! has_engine "$flavour" || wrong "test plays files, which the programs of $flavour do not: say replay, asan or coverage"
    build_flavour "$flavour"
    # Only there the tests of scripts/fuzz itself are run, with either engine.
    [[ $flavour != asan ]] || packages_need fuzz_afl fuzz_gdb fuzz_pack
    log=$programs/meson-logs/testlog.json
    rm -f "$log"
    nice -n 19 meson test -C "$programs" --no-rebuild --print-errorlogs >"$programs/test.log" 2>&1 || status=1
    [[ -e $log ]] || failed "the tests did not run; the log is $programs/test.log"
    passed=$(jq -s 'map(select(.result == "OK" or .result == "EXPECTEDFAIL")) | length' "$log")
    skipped=$(jq -s 'map(select(.result == "SKIP")) | length' "$log")
    failed=$(($(jq -s length "$log") - passed - skipped))
    if ((failed)); then
        sed -n '/^――\|^==/,$p' "$programs/test.log" >&2
    fi
    ((passed + failed)) || failed "the corpus has no tests"
    printf 'fuzz: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    return $((failed || status))
}
