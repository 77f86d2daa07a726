# shellcheck shell=bash
# Scenarios that are carried out in one run, so that what is right in a state is learned once for all of them. To be sourced after tap.sh.
#
#   together TEXT NAME STEP...          the scenario NAME is one of them, which the check TEXT is about
#   carry_out_together OPTION...        runs them, without KVM since that takes half the time, and checks that each is carried out to its end
#                                       and nothing is wrong
#   check_events TEXT NAME FILTER       checks that the jq filter holds for all events of the round of this scenario, as an array

together_names=() together_files=()
declare -A together_texts=()

together() {
    local text=$1 name=$2
    shift 2
    printf '%s\n' "$@" >"$name.scn"
    together_names+=("$name")
    together_files+=(--scenario "$name.scn")
    together_texts[$name]=$text
}

carry_out_together() {
    local name
    "$CAPPROBE" bench "${together_files[@]}" --rounds 1 --kvm absent --confirm no "$@" --history together.jsonl --output together.json \
        >together.txt 2>&1
    for name in "${together_names[@]}"; do
        check "${together_texts[$name]}" well_in_together "$name"
    done
}

well_in_together() {
    jq -e --arg name "$1" '.scenarios[] | select(.name == $name) | .skipped == "" and .rounds == 1 and .problems == []' together.json ||
        { cat together.txt && return 1; }
}

check_events() {
    # shellcheck disable=SC2016  # for jq
    check "$1" jq -se --arg name "$2" 'reduce .[] as $event ({}; if $event.type == "round" then .name = $event.scenario else . end |
        if .name == $name then .events += [$event] else . end) | .events | '"$3" together.jsonl
}
