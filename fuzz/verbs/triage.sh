# shellcheck shell=bash
# verb: triage [TARGET|FILE]...
# about: group, minimise and name the crashes that campaigns found
# help: Takes the findings of all campaigns, those of the campaigns of a TARGET, or files. Each group gets a folder
# help: build/triage/TARGET/NAME with input and report.txt; 'scripts/fuzz repro NAME' replays the input.
# help: build/triage/triage.sarif lists all groups. Exit status 1 if there is a group.
# shared: --release --src --to
# option: --target TARGET | target of the files, if their place does not tell it
# option: --out DIR | folder for the result (default: build/triage)
# option: --time T | minimise each group for at most T (default: 1m)
# example: scripts/fuzz triage
# example: scripts/fuzz triage caps-load --time 5m
# example: scripts/fuzz triage --target caps-load crash-1234

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh

# Prints the inputs in the form that fuzz/triage/triage.c reads: all findings of the campaigns of a target, or the files
# in OPERAND.
inputs_of() {
    local operand=$1 campaign file name
    if is_target "$operand"; then
        for campaign in build/campaigns/"$operand"-{afl,libfuzzer}; do
            [[ ! -d $campaign ]] || found_by "$campaign" | sed "s|^|$operand\t$programs/targets/$operand\t|"
        done
        return
    fi
    find "$operand" -type f ! -name '*.md' | sort | while IFS= read -r file; do
        name=$(need_target_of "$file" "${option[target]-}") || exit
        printf '%s\t%s\t%s\n' "$name" "$programs/targets/$name" "$file"
    done
}

verb_triage() {
    local operand out=${option[out]-build/triage} limit list status=0
    limit=$(time_option 1m)
    [[ ! ${option[target]-} ]] || check_target "${option[target]}"
    (($#)) || set -- "${targets[@]}"
    for operand; do
        is_target "$operand" || [[ -e $operand ]] ||
            usage_error "'$operand' is neither a target nor a file; targets: ${targets[*]}"
    done
    build_flavour asan
    ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer) || die "llvm-symbolizer is missing: install the package llvm"
    export ASAN_SYMBOLIZER_PATH
    list=$(for operand; do inputs_of "$operand" || exit; done)
    printf %s "$list" | "$programs/triage/triage" --output "$out" --libvirt "$(source_of_libvirt)" \
        --capprobe "$PWD" --minimise "$limit" || status=$?
    ((status > 1)) || printf '%s\n' "$out/triage.sarif"
    return "$status"
}
