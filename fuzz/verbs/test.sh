# shellcheck shell=bash
# verb: test
# about: play all seeds, regressions and known bugs, and run the tests of the fuzz half
# help: The last line counts the tests. The flavour must be one without a fuzzing engine: replay, asan, msan or coverage.
# shared: --flavour --release --src --to
# example: scripts/fuzz test
# example: scripts/fuzz test --flavour msan
# example: scripts/fuzz test --release 11.3.0

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh

verb_test() {
    local flavour=${option[flavour]-asan} log passed failed skipped status=0
    ! has_engine "$flavour" ||
        usage_error "test plays files, which programs of the flavour $flavour cannot: use replay, asan, msan or coverage"
    build_flavour "$flavour"
    # The tests of scripts/fuzz itself run in this flavour only, and use both engines.
    [[ $flavour != asan ]] || packages_need fuzz_afl fuzz_gdb fuzz_pack
    log=$programs/meson-logs/testlog.json
    rm -f "$log"
    nice -n 19 meson test -C "$programs" --no-rebuild --print-errorlogs >"$programs/test.log" 2>&1 || status=1
    [[ -e $log ]] || fail "the tests did not run; the log is $programs/test.log"
    passed=$(jq -s 'map(select(.result == "OK" or .result == "EXPECTEDFAIL")) | length' "$log")
    skipped=$(jq -s 'map(select(.result == "SKIP")) | length' "$log")
    failed=$(($(jq -s length "$log") - passed - skipped))
    if ((failed)); then
        sed -n '/^――\|^==/,$p' "$programs/test.log" >&2
    fi
    ((passed + failed)) || fail "the corpus contains no tests"
    printf 'fuzz: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    return $((failed || status))
}
