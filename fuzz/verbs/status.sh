# shellcheck shell=bash
# verb: status [TARGET]
# about: print the state of campaigns
# help: One line per campaign:
# help:   time                 run time so far; of the longest-running instance with AFL++
# help:   instances            AFL++ processes that fuzz
# help:   executions           inputs tried, and how many per second
# help:   corpus               inputs kept because they reached something new
# help:   edges                branches of the program that were reached
# help:   stability            share of edges that one input always reaches alike (AFL++); far below 100 % wastes time
# help:   crashes and hangs    inputs that made the target crash or hang; their folder is printed in the next line
# example: scripts/fuzz status
# example: scripts/fuzz status caps-load

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh

verb_status() {
    local campaign name shown=
    for campaign in build/campaigns/${target:-*}-{afl,libfuzzer}; do
        [[ -d $campaign ]] || continue
        shown=yes
        campaign_status "$campaign"
        if [[ $(found_by "$campaign") ]]; then
            name=${campaign##*/}
            printf '  found in %s; next: scripts/fuzz triage %s\n' \
                "$(found_by "$campaign" | sed 's|/[^/]*$||' | uniq | xargs)" "${name%-*}"
        fi
    done
    [[ $shown ]] || say "there is no campaign${target:+ of $target}; start one: scripts/fuzz run ${target:-TARGET}"
}
