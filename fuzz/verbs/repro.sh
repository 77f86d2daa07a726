# shellcheck shell=bash
# verb: repro FILE|NAME
# about: replay one input: a file, or that of a known bug or a group from triage
# help: NAME is a folder of corpus/bugs/ or a group that scripts/fuzz triage has named.
# help: Prints how a defect shows: the lines that differ, the reason, or the stack of a sanitizer.
# help: Exit status 1 if the input crashes the target or shows a defect.
# shared: --flavour --release --src --to
# option: --target TARGET | target of the file, if its place does not tell it
# option: --gdb | run the target under gdb
# example: scripts/fuzz repro cpudata-empty
# example: scripts/fuzz repro build/campaigns/caps-load-libfuzzer/crashes/crash-1234
# example: scripts/fuzz repro cpudata-copy-null --gdb --flavour replay

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh

# Prints the names of the bugs that are found by a target.
bugs() {
    local page
    for page in corpus/bugs/*/about.md; do
        [[ ! $(bug_shown "$page" target) ]] || bug_field "$page" id
    done | xargs
}

# Prints the path of the file that NAME stands for, or NAME itself if it is a file.
input_of() {
    local input
    for input in "$1" corpus/bugs/"$1"/input.* build/triage/*/"$1/input"; do
        if [[ -f $input ]]; then
            printf '%s\n' "$input"
            return
        fi
    done
}

verb_repro() {
    local flavour=${option[flavour]-asan} file page name status=0 arguments=()
    file=$(input_of "$1")
    [[ $file ]] || usage_error "'$1' is neither a file nor the name of a bug or of a group from triage; bugs: $(bugs)"
    name=$(need_target_of "$file" "${option[target]-}")
    check_target "$name"
    # Only our own driver can be told to show known defects, and to run into those that end the process.
    page=${file%/*}/about.md
    if ! has_engine "$flavour"; then
        arguments=(--show)
        [[ ! -e $page || ! $(bug_field "$page" crash) ]] || arguments+=(--provoke)
    fi
    build_flavour "$flavour"
    if [[ ${option[gdb]-} ]]; then
        packages_need fuzz_gdb
        # Sanitizers then stop at an error instead of ending the process. Leaks cannot be detected under gdb.
        export ASAN_OPTIONS=abort_on_error=1:detect_leaks=0 UBSAN_OPTIONS=abort_on_error=1
        exec gdb -q --args "$programs/targets/$name" "${arguments[@]}" "$file"
    fi
    # Without these there is no stack from UBSan, and none with lines from the others if the symbolizer is not in PATH.
    export UBSAN_OPTIONS=print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}
    # GLib has no frame pointers: otherwise the stack of a leak ends in GLib.
    export ASAN_OPTIONS=fast_unwind_on_malloc=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
    # Any way in which the process dies is a finding.
    "$programs/targets/$name" "${arguments[@]}" "$file" || status=$?
    ((status == 0 || status == 254)) || status=1
    return "$status"
}
