#!/usr/bin/env bash
# Reports: what the page says, and how it looks in a browser. BUILD/browser has what drives the browser: scripts/test puts it there.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# Results: a run of two variants with hostile texts everywhere, a stale read with its history, a profile.
hostile=$'<script>alert("a")</script>&amp;\'b\'\nc'
jq --arg hostile "$hostile" '
    .environment = {date: "2026-11-26T14:00:00Z", capprobe: $hostile, libvirt: {version: $hostile}, emulator: {version: $hostile, path: $hostile}} |
    .variants = [{name: "one", environment: .environment}, {name: "two", environment: .environment}] |
    .status = 0 | .error = "" | .reason = "" | .notes = [$hostile] | .differences = [$hostile] |
    .profile = [] | .scenarios[0] as $scenario | ($scenario.samples[0] + {verdict: "fresh", label: $hostile}) as $sample |
    .scenarios = [("one", "two") as $variant | $scenario +
        {name: $hostile, variant: $variant, file: $hostile, skipped: "", needs: 0, rounds: 12, settle: [], expectations: {held: 0, failed: 0},
         reads: {fresh: 12, stale: 1, torn: 0, failed: 0, unknown: 0, hidden: 0},
         problems: [{round: 1, line: 1, verdict: "stale", differences: [$hostile]}],
         samples: [range(1; 13) | . as $round | $sample + {round: $round, ns: (1000000 * $round)}]}]
    ' "$CORPUS/seeds/own-result/samples.json" >hostile.json
stale=$CORPUS/seeds/own-history/stale.jsonl
"$CAPPROBE" judge "$stale" --output stale.json >/dev/null
"$CAPPROBE" judge "$CORPUS/seeds/own-history/profile.jsonl" --output profile.json >/dev/null

report() { "$CAPPROBE" report "$@"; }

# Prints what is at PATH in PAGE.
at() { xmllint --html --xpath "$2" "$1" 2>/dev/null; }

# PAGE PATH TEXT: what is at PATH is TEXT.
page_says() {
    local found
    found=$(at "$1" "string($2)")
    printf '%s\n' "$found"
    [[ $found == "$3" ]]
}

check 'a page' report hostile.json stale.json profile.json --history "$stale" --output page.html
check 'the outcome comes first' page_says page.html '//header/h1' 'libvirt was wrong'
check 'texts are texts' page_says page.html '//section[@id = "scenario-1"]/h3' "${hostile/$'\n'/\\u000a}"
check 'no text is markup' bash -c '[[ $(grep -o "<script" page.html | wc -l) == 0 && $(grep -o "&lt;script" page.html | wc -l) -gt 20 ]]'
check 'two plots per measured line with samples' page_says page.html 'count(//section[@id = "scenario-1"]//*[local-name() = "svg" and @class = "plot"])' 2
check 'every sample is a dot' page_says page.html 'count((//section[@id = "scenario-1"]//*[local-name() = "svg" and @class = "plot"])[1]//*[local-name() = "use"])' 24
check 'how it went wrong: a stale read' page_says page.html 'count(//table[@class = "story"]//tr[@class = "wrong"]//span[. = "stale"]) > 0' true
check 'where a refresh spends its time' page_says page.html 'count(//span[@class = "bar"]) > 1' true
check 'the command that repeats it' bash -c 'xmllint --html --xpath "string((//pre)[2])" page.html 2>/dev/null | grep -q "^capprobe bench --rounds 1 --seed [0-9]* "'
report stale.json >printed.html
check 'standard output, if there is no --output' page_says printed.html '//header/h1' 'libvirt was wrong'
check 'without a history no story' page_says printed.html 'count(//table[@class = "story"])' 0
check 'nothing was run' report "$CORPUS/seeds/own-result/empty.json" --output empty.html
check 'nothing was run: no decision' page_says empty.html '//header/h1' 'no decision is possible'

# An archive: ten results of each of two libvirts, of which the second is slower.
for i in {10..29}; do
    jq --argjson i "$i" --arg hostile "$hostile" '.seed = $i | .environment.date = "2026-01-\($i)T00:00:00Z" |
        .variants[].environment.libvirt.version = (if $i < 20 then "9.0.0" else $hostile end) |
        .scenarios[].samples[].ns += (if $i < 20 then 0 else 5000000 end) + $i % 3' hostile.json >"of-$i.json"
done
check 'an archive' "$CAPPROBE" history add --db archive.db of-*.json
check 'a page with an archive' report hostile.json --db archive.db --output history.html
check 'its changes are on the page' page_says history.html 'count(//section[h2 = "History"]//tbody/tr[th = "WORSE"]) > 0' true
check 'with what differs before and after' page_says history.html \
    '//section[h2 = "History"]//tr[th = "WORSE"]/td[@data-label = "what differs then"]/div[starts-with(., "libvirt.version")]' \
    "libvirt.version: 9.0.0 -> ${hostile/$'\n'/\\u000a}"
check 'an archive that is not there' refuses 'none.db' "$CAPPROBE" report hostile.json --db none.db
check 'a history of another run' refuses 'it is of another run, expected the history of one of the results' "$CAPPROBE" report hostile.json --history "$stale"
check 'no result' refuses 'report: expected at least one argument, RESULT..., but got 0' "$CAPPROBE" report
check 'a result that is not there' refuses 'none.json: ' "$CAPPROBE" report stale.json none.json
check_exit 'without gnuplot' 125 env PATH="$PWD" "$CAPPROBE" report hostile.json --output none.html
check 'without gnuplot: nothing is written' test ! -e none.html

# 20 scenarios of two lines, 30 rounds.
jq '.scenarios[0] as $scenario | .scenarios = [range(20) | . as $i | $scenario + {name: "scenario \($i)", settle: [], samples: [range(1; 31) as $round | (3, 7) as $line |
    $scenario.samples[0] + {verdict: "fresh", round: $round, line: $line, ns: (1000000 * $line * ($round % 7 + 1))}]}]' \
    "$CORPUS/seeds/own-result/samples.json" >large.json
check '20 scenarios' report large.json --output large.html
check '20 scenarios: at most 1 MB' bash -c 'size=$(stat -c %s large.html) && echo "$size" && ((size > 100000 && size <= 1000000))'

# How it looks.
look() { node "$SOURCE/bench/tests/look-at-page.mjs" "$BUILD/browser" "$@"; }
complains() {
    look broken.html >complaints && return 1
    cat complaints
    for text; do grep -q -- "$text" complaints || { printf 'expected: %s\n' "$text" && return 1; }; done
}
if [[ -e $BUILD/browser/complete ]]; then
    check 'in a browser' look page.html
    check 'in a browser: with an archive' look history.html
    # Each of these must be noticed.
    sed 's|<main>|<main><div style="width:2000px">wide</div><p style="color:#ccc;background:#fff">pale</p><img src="none.png"/>|; s|</header>|</header><h6>deep</h6>|' empty.html >broken.html
    check 'in a browser: what is wrong is noticed' complains '360 px, dark: cut off: div' '1280 px, light: cut off: div' '360 px, light: color-contrast' \
        '1280 px, dark: heading-order' '1280 px, dark: image-alt' 'light: request: .*none.png' 'dark: console: '
else
    skip 'in a browser' "there is no $BUILD/browser, which scripts/test makes"
fi

done_testing
