# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: triage [TARGET|FILE...] | group what campaigns found, or these files; minimise and name it

# Prints the inputs as fuzz/triage/triage.c wants them: all that campaigns of TARGET left, or those in FILE.
inputs_of() {
    local operand=$1 campaign file name
    if is_target "$operand"; then
        for campaign in build/campaigns/"$operand"-{afl,libfuzzer}; do
            [[ ! -d $campaign ]] || found_by "$campaign" | sed "s|^|$operand\t$programs/targets/$operand\t|"
        done
        return
    fi
    find "$operand" -type f ! -name '*.md' | sort | while IFS= read -r file; do
        name=${target:-$(target_of "$file")}
        [[ $name ]] || wrong "the place of $file does not tell its target: say --target; targets: ${targets[*]}"
        printf '%s\t%s\t%s\n' "$name" "$programs/targets/$name" "$file"
    done
}

verb_triage() {
    local operand limit=60 list status=0
    [[ ! $time ]] || limit=$(seconds_of "$time")
    [[ ${flavour:-asan} == asan ]] || wrong "triage replays in the flavour asan, not in $flavour"
    [[ ! $target ]] || is_target "$target" || wrong "there is no target $target; targets: ${targets[*]}"
    (($#)) || set -- "${targets[@]}"
    for operand; do
        is_target "$operand" || [[ -e $operand ]] || wrong "$operand is neither a target nor a file; targets: ${targets[*]}"
    done
    : "${out:=build/triage}"
    build_flavour asan
    ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer) || die "llvm-symbolizer is not here: install the package llvm"
    export ASAN_SYMBOLIZER_PATH
    list=$(for operand; do inputs_of "$operand"; done)
    printf %s "$list" | "$programs/triage/triage" --output "$out" --libvirt "$(source_of_libvirt)" \
        --capprobe "$PWD" --minimise "$limit" || status=$?
    ((status > 1)) || printf '%s\n' "$out/triage.sarif"
    return "$status"
}
