# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: repro FILE|BUG | play one file, or the input of corpus/bugs/BUG, through its target

# Names the bugs that have a target.
bugs() {
    grep -l '^\* target:' corpus/bugs/*/about.md | sed 's|/about.md||; s|.*/||' | xargs
}

verb_repro() {
    local file name=$target status=0 options=()
    (($# == 1)) || wrong "repro takes one file, or one bug"
    file=$1
    : "${flavour:=asan}"
    [[ $flavour =~ ^(replay|asan|coverage)$ ]] || wrong "repro plays files in the flavours replay, asan and coverage, not in $flavour"
    if [[ ! -e $file && -e corpus/bugs/$file/about.md ]]; then
        file=$(echo "corpus/bugs/$file/input."*)
    fi
    [[ -e $file ]] || wrong "there is neither a file nor a bug $file; bugs: $(bugs)"
    : "${name:=$(target_of "$file")}"
    [[ $name ]] || wrong "the place of $file does not tell its target: say --target; targets: ${targets[*]}"
    is_target "$name" || wrong "there is no target $name; targets: ${targets[*]}"
    if grep -qs '^\* crash:' "$(dirname "$file")/about.md"; then
        options=(--provoke)
    fi
    build_flavour "$flavour"
    if [[ $gdb ]]; then
        command -v gdb >/dev/null || die "gdb is not here: install it"
        exec gdb -q --args "$programs/$name" "${options[@]}" "$file"
    fi
    # A crash is a finding, however the process died.
    "$programs/$name" "${options[@]}" "$file" || status=$?
    ((status == 0 || status == 254)) || status=1
    return "$status"
}
