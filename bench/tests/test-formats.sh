#!/usr/bin/env bash
# The formats of 'show', read by the programs and libraries that they are for, or checked against their schemas. Every text of
# the result is hostile.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

# What is read must be the same text again: markup, quotes, separators, and a newline, which capprobe prints as \u000a.
hostile=$'a,b;"c"|`d`\\e<f attr=\'g\'>&amp; # TODO @h *i* [j](k) {l}\n=m'
printable=${hostile/$'\n'/\\u000a}

# The result of the corpus with three scenarios: hostile, hostile and stale, skipped.
jq --arg hostile "$hostile" '
    .environment = {date: "2026-11-26T14:00:00.5Z", libvirt: {version: $hostile}, emulator: {version: $hostile}} |
    .status = 0 | .error = "" | .reason = "" | .notes = [] |
    .scenarios[0] as $scenario | ($scenario.samples[0] + {verdict: "fresh", label: $hostile, ns: 1500000}) as $sample |
    ($scenario | .skipped = "" | .needs = 0 | .rounds = 6 | .problems = [] | .reads = {fresh: 6, stale: 0, torn: 0, failed: 0, unknown: 0, hidden: 0} |
        .expectations = {held: 0, failed: 0} | .settle = [] | .samples = [range(1; 7) | . as $round | $sample + {round: $round}]) as $good |
    .scenarios = [
        $good + {name: $hostile},
        ($good + {name: ($hostile + "2"), problems: [{round: 1, line: 1, verdict: $hostile, differences: [$hostile]}]} | .reads.stale = 1),
        $good + {name: ($hostile + "3"), skipped: $hostile, needs: 1, samples: [], rounds: 0}]
    ' "$CORPUS/seeds/own-result/samples.json" >hostile.json
"$CAPPROBE" show hostile.json >/dev/null || exit 99

show() {
    "$CAPPROBE" show "${2:-hostile.json}" --format "$1"
}
for format in junit tap markdown csv openmetrics bencher github-action-benchmark otava tmt; do
    show "$format" >"./$format"
    show "$format" "$CORPUS/seeds/own-result/empty.json" >"./$format.empty"
done

# The system's own, to which the packages with the libraries belong.
python() { /usr/bin/python3 "$@"; }

# COMMAND...: prints the hostile text first.
reads_hostile() {
    local text
    text=$("$@") || return 1
    printf '%s\n' "$text"
    [[ $text == "$printable"* ]]
}

check 'junit: the schema' xmllint --noout --schema "$SOURCE/bench/tests/junit.xsd" junit
check 'junit: the schema, nothing run' xmllint --noout --schema "$SOURCE/bench/tests/junit.xsd" junit.empty
check 'junit: the name' reads_hostile xmllint --xpath 'string(//testcase[1]/@name)' junit
check 'junit: the reason' reads_hostile xmllint --xpath 'string(//skipped/@message)' junit
check 'junit: the counts' xmllint --xpath '/testsuites[@tests = 3 and @failures = 1 and @errors = 0]/testsuite[@tests = count(testcase)
    and @failures = count(testcase/failure) and @skipped = count(testcase/skipped)]/@name' junit
check_exit 'junit: the schema refuses what is wrong' 3 xmllint --noout --schema "$SOURCE/bench/tests/junit.xsd" <(sed 's/failures=/wrong=/' junit)

# prove(1) says what it has understood.
proves() {
    prove --exec cat --verbose "$1" >proved 2>&1
    cat proved
    grep -qF -- "$2" proved
}
mv tap tap.t
mv tap.empty empty.t
check_exit 'tap: one of three has failed' 1 prove --exec cat tap.t
check 'tap: which' proves tap.t 'Failed test:  2'
check_exit 'tap: an undecided run is not a success' 255 prove --exec cat empty.t
sed '/^not ok/s/^not //' tap.t >passed.t
check 'tap: two passed and one was skipped' proves passed.t 'Result: PASS'
check 'tap: the number of tests' proves passed.t 'Tests=3'

check 'csv: a row per sample' reads_hostile python -c '
import csv
rows = list(csv.DictReader(open("csv", newline="")))
assert len(rows) == 12 and all(int(row["ns"]) == 1500000 and row["verdict"] == "fresh" for row in rows), rows
print(rows[0]["label"])'

check 'openmetrics: the strict parser' reads_hostile python -c '
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
families = {family.name: family for family in parse(open("openmetrics").read())}
seconds = families["capprobe_read_seconds"]
assert seconds.type == "summary" and seconds.unit == "seconds"
assert [sample.value for sample in seconds.samples if sample.labels.get("quantile") == "0.5"] == [0.0015, 0.0015]
outcomes = {sample.labels["scenario"][-1]: sample.labels["outcome"] for sample in families["capprobe_outcome"].samples if sample.value == 1}
assert outcomes == {"m": "passed", "2": "failed", "3": "skipped"}, outcomes
print(seconds.samples[0].labels["scenario"])'
check "openmetrics: the node exporter's parser" reads_hostile python -c '
from prometheus_client.parser import text_string_to_metric_families as parse
families = {family.name: family for family in parse(open("openmetrics").read())}
assert all(sample.timestamp is None for family in families.values() for sample in family.samples)
print(families["capprobe_environment"].samples[0].labels["libvirt"])'
check 'openmetrics: nothing run' python -c '
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
print(list(parse(open("openmetrics.empty").read())))'

bencher_schema='type == "object" and all(.[]; type == "object" and all(.[]; (.value | type) == "number" and
    all(keys[]; IN("value", "lower_value", "upper_value")) and all(.[]; type == "number")))'
check 'bencher: the schema' jq -e "$bencher_schema" bencher
check 'bencher: the schema, nothing run' jq -e "$bencher_schema and . == {}" bencher.empty
check 'bencher: the name' reads_hostile jq -r 'keys[0]' bencher
check 'bencher: the figures' jq -e 'length == 2 and all(.[]; .latency == {value: 1500000, lower_value: 1500000, upper_value: 1500000})' bencher

check 'github-action-benchmark: the schema' jq -e 'type == "array" and all(.[]; (.name, .unit | type == "string") and (.value | type == "number") and
    all(.range, .extra; type == "string"))' github-action-benchmark
check 'github-action-benchmark: the name' reads_hostile jq -r '.[0].name' github-action-benchmark
check 'github-action-benchmark: the figures' jq -e 'length == 2 and all(.[]; .value == 1.5 and .unit == "ms" and .extra == "6 samples")' github-action-benchmark

check 'otava: one row, a time, numbers' reads_hostile python -c '
import csv, datetime
head, row = csv.reader(open("otava", newline=""))
assert head[:2] == ["time", "commit"] and len(row) == len(head) == 4, head
datetime.datetime.fromisoformat(row[0].replace("Z", "+00:00").replace(".5", ".500"))
assert [float(cell) for cell in row[2:]] == [1.5, 1.5]
print(head[2])'

check 'tmt: the schema' reads_hostile python -c '
import yaml
results = yaml.safe_load(open("tmt"))
for result in results:
    assert set(result) == {"name", "result", "note"} and result["name"].startswith("/"), result
    assert all(isinstance(note, str) for note in result["note"]), result
assert [result["result"] for result in results] == ["pass", "fail", "skip"]
assert yaml.safe_load(open("tmt.empty"))[-1]["result"] == "error"
print(results[0]["name"][1:])'

# Markdown: nothing of the texts becomes an element, and all of it is there.
check 'markdown: tables and code' reads_hostile python -c '
import xml.etree.ElementTree as tree
from markdown_it import MarkdownIt
html = MarkdownIt("commonmark").enable("table").render(open("markdown").read())
page = tree.fromstring("<page>" + html + "</page>")
elements = {element.tag for element in page.iter()}
assert elements <= set("page h3 p code ul li table thead tbody tr th td strong details summary".split()), elements
tables = [[["".join(cell.itertext()) for cell in row] for row in table.iter("tr")] for table in page.iter("table")]
assert [len(row) for row in tables[0]] == [3] * 4 and [len(row) for row in tables[1]] == [6] * 3, tables
print(tables[0][1][0])'

check 'an unknown format' refuses '--format none: expected table, junit, tap, markdown, csv, openmetrics, bencher, github-action-benchmark, otava or tmt' \
    "$CAPPROBE" show hostile.json --format none
check 'every format that help names is there' bash -c '
    for format in $("$CAPPROBE" show --help | sed -n "s/^ *--format=//p" | tr "|" " "); do "$CAPPROBE" show hostile.json --format "$format" >/dev/null || exit 1; done'
check '--output: a file, whole' bash -c '"$CAPPROBE" show hostile.json --format csv --output written && cmp written csv'
check '--output: a folder that is not there' refuses 'none/written: cannot be written' "$CAPPROBE" show hostile.json --output none/written

done_testing
