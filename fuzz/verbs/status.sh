# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: status [TARGET] | say how campaigns stand

verb_status() {
    local campaign shown=
    (($# <= 1)) || wrong "status takes one target, or none for all"
    [[ ! ${1-} ]] || one_target "$1"
    for campaign in build/campaigns/${1:-*}-{afl,libfuzzer}; do
        [[ -d $campaign ]] || continue
        stand_of "$campaign"
        shown=yes
    done
    [[ $shown ]] || say "there is no campaign${1:+ of $1}: scripts/fuzz run TARGET begins one"
}
