#!/usr/bin/env bash
# The manual pages are valid and complete. BUILD names the build folder.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# The text of every page, without roff's escapes.
pages=(capprobe.1 capprobe-scenario.5 capprobe-history.5 capprobe-result.5)
for page in "${pages[@]}"; do
    tr -d '\134' <"$BUILD/docs/man/$page" | sed 's/f[BIR]//g' >"$page"
done

no_warnings() {
    local warnings
    warnings=$(MANROFFSEQ='' LC_ALL=C.UTF-8 man --warnings -l "$1" 2>&1 >/dev/null)
    printf '%s\n' "$warnings"
    [[ -z $warnings ]]
}

# PAGE: has each of the words on standard input.
names_all() {
    local word missing=0 words=0
    while read -r word; do
        ((++words))
        grep -qE -- "(^|[^a-z])$word([^a-z]|\$)" "$1" || { printf '%s\n' "$word" && missing=1; }
    done
    ((words > 0 && missing == 0))
}

has_sections() {
    local page=$1 section
    shift
    for section; do
        grep -qxF ".SH $section" "$page" || { printf '%s\n' "$section" && return 1; }
    done
}

for page in "${pages[@]}"; do
    check "$page has no warnings" no_warnings "$BUILD/docs/man/$page"
    check "$page has nothing left to fill in" bash -c '! grep -E "@[A-Z-]+@" "$1"' bash "$page"
    check "$page has examples and cross references" has_sections "$page" NAME DESCRIPTION EXAMPLES 'SEE ALSO'
done
check 'capprobe.1 has the other sections' has_sections capprobe.1 SYNOPSIS COMMANDS FILES ENVIRONMENT 'EXIT STATUS'

commands() {
    "$CAPPROBE" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}
for command in $(commands); do
    [[ $command != help ]] || continue
    check "capprobe.1 names every option of $command" names_all capprobe.1 < <("$CAPPROBE" "$command" --help | grep -o -- '--[a-z]*')
    check "capprobe.1 has the examples of $command" bash -c '
        "$CAPPROBE" "$1" --help | sed -n "/^Examples:/,\$s/^  \([^ ].*\)/\1/p" | tr -d "\\\\" >calls
        [[ -s calls ]] && while read -r call; do sed "s/(ti/~/g; s/(aq/'"'"'/g" capprobe.1 | grep -qF -- "$call" || { echo "$call" && exit 1; }; done <calls' bash "$command"
done
check 'capprobe.1 has every exit status that help has' names_all capprobe.1 < <("$CAPPROBE" help | sed -n '/^Exit status:/,/^$/s/^ *[0-9]\{1,3\}  //p')
check 'capprobe-scenario.5 has every step' names_all capprobe-scenario.5 < <("$CAPPROBE" ops | sed 1d | cut -d ' ' -f 1)
check 'capprobe-history.5 names every type and member' names_all capprobe-history.5 < <(
    for file in "$SOURCE"/corpus/seeds/own-history/*; do
        jq -r '.type, (del(.phases) | paths | map(select(type == "string"))[])' "$file" 2>/dev/null
    done | sort -u)
check 'capprobe-result.5 names every member' names_all capprobe-result.5 < <(
    for file in "$SOURCE"/corpus/seeds/own-result/*; do
        jq -r 'del(.environment, .profile[]?.phases[]?) | paths | map(select(type == "string"))[]' "$file" 2>/dev/null
    done | sort -u)

done_testing
