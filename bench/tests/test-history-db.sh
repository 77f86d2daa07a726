#!/usr/bin/env bash
# capprobe history: results are kept, changes are found, and nothing is lost.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

export XDG_STATE_HOME=$scratch/state
keep() { "$CAPPROBE" history "$@"; }

# FOLDER N: makes N results of one scenario, one a day. From the second half on, libvirt is another one, and 20 % slower.
make_results() {
    mkdir -p "$1"
    jq -c --argjson n "$2" '
        .scenarios |= [.[] | select(.samples | length > 0) | .settle = []][:1] | . as $base | range($n) as $i |
        (if $i < $n / 2 then 1 else 1.2 end) as $slower | $base |
        .seed = $i | .environment.date = (1767225600 + 86400 * $i | todate) |
        (if $slower > 1 then .environment.libvirt.version = "11.3.0" else . end) |
        .scenarios[].samples[] |= (.verdict = "fresh" | .ns = (1000000 * ($slower + $i % 5 * 0.003) | floor))' \
        "$CORPUS/seeds/own-result/samples.json" >"$1/all"
    split -l 1 -d -a 3 --additional-suffix=.json "$1/all" "$1/" && rm "$1/all"
}

# TEXT COMMAND...: what the command prints, on either output, has TEXT.
says() {
    local text=$1
    shift
    { "$@" 2>&1 || true; } | grep -F -- "$text"
}

make_results r 20
check 'no archive' refuses "$scratch/state/capprobe/history.db: there is no such archive; 'capprobe history add' makes it" keep list
check_exit 'results are added' 0 keep add r/*.json
check 'where XDG says' test -s state/capprobe/history.db
check 'the same again is told' says 'r/003.json: is there already, as result 4' keep add r/003.json
check 'and does nothing' bash -c '(($("$CAPPROBE" history list | wc -l) == 21))'
jq -c '.reason = "other"' r/003.json >other.json
check 'another text for the same run' refuses 'other.json: of the same run as result 4' keep add other.json
check 'the newest is listed first' bash -c '"$CAPPROBE" history list | sed -n 2p | grep "^ *20  2026-01-20 00:00 .* 11\.3\.0 "'
check 'a result comes out as it was' bash -c '"$CAPPROBE" history export 7 | cmp - r/006.json'

for n in 0 1 100 1000; do
    head -c "$n" r/005.json >cut.json
    check "a result of $n bytes" refuses 'cut.json:' keep add cut.json
done
sed 's,capprobe.result/2,capprobe.result/1,' r/005.json >old.json
check 'an older schema' refuses 'old.json:1:' keep add old.json
jq -c '.seed = 999 | .scenarios += .scenarios' r/005.json >twice.json
check 'a scenario that is there twice' refuses "twice.json: '" keep add twice.json
make_results more 22
add_mixed() { keep add cut.json more/020.json old.json more/021.json 2>errors; }
check_exit 'some files are bad' 254 add_mixed
check 'each has a line' bash -c '(($(wc -l <errors) == 2))'
check 'the others are added' bash -c '(($("$CAPPROBE" history list | wc -l) == 23))'

check_exit 'a change for the worse' 1 keep changes
check 'is found where it is, with what differs' bash -c \
    '"$CAPPROBE" history changes | grep -E "^WORSE +2026-01-11 00:00 +11 .* \+(19|20)\.[0-9] % .* libvirt\.version: 9\.0\.0 -> 11\.3\.0"'
check_exit 'of a line that is not there nothing can be said' 125 keep changes --line 'line 99'
check_exit 'a note' 0 keep annotate 11 --note 'new release'
check 'is shown' says 'new release' keep changes
check_exit 'a moved baseline' 0 keep annotate --accept
check_exit 'is no change for the worse' 0 keep changes
check 'but shown' says 'worse, accepted' keep changes
check_exit 'taken back' 0 keep annotate 5 --accept
check_exit 'it is one again' 1 keep changes
check_exit 'two results are too few' 125 bash -c '"$CAPPROBE" history add --db two.db r/000.json r/001.json && "$CAPPROBE" history changes --db two.db'

check_exit 'another machine' 0 keep add --machine beta r/../more/../r/000.json --db both.db
check_exit 'beside this one' 0 keep add --db both.db r/001.json
check 'is not pooled with it in CSV' refuses 'both.db: there are the machines' keep export --db both.db --format csv
check 'CSV of one machine' bash -c '(($("$CAPPROBE" history export --db both.db --format csv --machine beta | wc -l) == 2))'
check 'JSON' bash -c '"$CAPPROBE" history export --line "line *" | jq -e ".schema == \"capprobe.series/1\" and (.series[0].points | length) == 22"'

if command -v gnuplot >/dev/null; then
    check 'a plot as text' says ', line ' keep plot --scenario '*'
    check_exit 'a plot that is lost' 255 eval 'keep plot --scenario "*" >/dev/full'
    check_exit 'a plot as SVG' 0 keep plot --output plot.svg
    check 'is XML' xmllint --noout plot.svg
    check_exit 'a plot as PNG' 0 keep plot --output plot.png
    check 'begins as such' bash -c 'head -c 4 plot.png | tail -c 3 | grep -x PNG'
else
    skip 'plots' 'gnuplot is not installed'
fi
check_exit 'without gnuplot' 125 env PATH=/nonexistent "$CAPPROBE" history plot
check 'that is said' says 'gnuplot cannot be run, which draws plots' env PATH=/nonexistent "$CAPPROBE" history plot
check 'a name for a plot' refuses '--output plot.gif: expected a name that ends in .svg or .png' keep plot --output plot.gif

check 'an unknown action' refuses "unknown action 'frob', expected add, list, changes, plot, annotate or export" keep frob
check 'no action' refuses 'history: expected at least one argument, ACTION [ARGUMENT]..., but got 0' keep
check 'add without a file' refuses 'history add: expected files with results, but got 0' keep add
check 'an option of another action' refuses 'history list: does not use --accept' keep list --accept
check 'annotate without anything to do' refuses 'expected --accept, or the number of a result and --note' keep annotate 3
check 'one result as CSV' refuses 'one result is exported as it was added, expected no --format' keep export 3 --format csv
check 'a part of one result' refuses 'expected no --scenario' keep export 3 --scenario s
check 'a note on nothing' refuses 'there is no result 99' keep annotate 99 --note x
check 'an unknown format' refuses '--format xml: expected csv or json' keep export --format xml
printf 'not a database, but longer than one hundred bytes, which is how long the header of an SQLite database always is: so\n' >garbage.db
check 'a file that is not an archive' refuses 'garbage.db: not an archive of capprobe' keep list --db garbage.db
check 'nor is it touched' grep -q '^not a database' garbage.db

# Processes that begin at the same time, also with making the archive.
make_results many 40
add_at_once() {
    local pids=() pid i
    for i in 0 1 2 3; do
        keep add --db many.db many/0"$i"?.json &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || return 1; done
    (($(keep list --db many.db | wc -l) == 41))
}
check 'four writers lose nothing' add_at_once

# A process is killed right after it has told of a result, at whatever it does then.
kill_adds() {
    local i n told
    for ((i = 0; i < 20; i++)); do
        rm -f killed.db*
        coproc adding { exec "$CAPPROBE" history add --db killed.db many/*.json; }
        for ((told = 0; told <= i; told++)); do read -r -u "${adding[0]}" || return 1; done
        # shellcheck disable=SC2154  # set by coproc
        kill -9 "$adding_PID"
        wait "$adding_PID" 2>/dev/null
        n=$(($(keep list --db killed.db | wc -l) - 1))
        ((n > i)) || { printf 'told of %d results, but there are %d\n' "$told" "$n" && return 1; }
        keep export "$told" --db killed.db | cmp - "$(printf 'many/%03d.json' "$i")" || return 1
    done
} 2>&1
check 'killed 20 times' kill_adds

# On a file system of 200 kB.
fill_up() {
    mkdir -p small
    unshare -m bash -c 'mount -t tmpfs -o size=200k capprobe small && cp r/000.json small &&
        "$CAPPROBE" history add --db small/a.db many/*.json >told 2>errors
        echo $? >status
        "$CAPPROBE" history list --db small/a.db >listed 2>&1' bash
    cat status errors listed
    (($(<status) == 255)) && grep -q '^capprobe: small/a.db: .*full' errors && (($(grep -c result <told) > 0)) &&
        (($(wc -l <listed) == $(grep -c result <told) + 1))
}
if ((EUID == 0)); then
    check 'a full disk is told, and loses nothing' fill_up
else
    skip 'a full disk' 'needs root, to mount a small file system'
fi

done_testing
