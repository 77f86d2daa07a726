# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: repro FILE|NAME | play one file, the input of corpus/bugs/NAME, or what triage has named so

# Names the bugs that have a target.
bugs() {
    local page
    for page in corpus/bugs/*/about.md; do
        [[ ! $(bug_shown "$page" target) ]] || bug_field "$page" id
    done | xargs
}

# Prints the file that NAME stands for, itself if it is one.
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
    local file page name=$target status=0 options=()
    (($# == 1)) || wrong "repro takes one file, or one name"
    : "${flavour:=asan}"
    file=$(input_of "$1")
    [[ $file ]] || wrong "$1 is neither a file nor a name of triage or a bug; bugs: $(bugs)"
    : "${name:=$(target_of "$file")}"
    [[ $name ]] || wrong "the place of $file does not tell its target: say --target; targets: ${targets[*]}"
    is_target "$name" || wrong "there is no target $name; targets: ${targets[*]}"
    # Only our own driver can be told to walk into a defect that it knows.
    page=${file%/*}/about.md
    if ! has_engine "$flavour" && [[ -e $page && $(bug_field "$page" crash) ]]; then
        options=(--provoke)
    fi
    build_flavour "$flavour"
    if [[ $gdb ]]; then
        packages_need fuzz_gdb
        # A sanitizer stops where it finds something, rather than end the process; leaks cannot be looked for under gdb.
        export ASAN_OPTIONS=abort_on_error=1:detect_leaks=0 UBSAN_OPTIONS=abort_on_error=1
        exec gdb -q --args "$programs/targets/$name" "${options[@]}" "$file"
    fi
    # A crash is a finding, however the process died.
    "$programs/targets/$name" "${options[@]}" "$file" || status=$?
    ((status == 0 || status == 254)) || status=1
    return "$status"
}
