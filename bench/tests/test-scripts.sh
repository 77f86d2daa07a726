#!/usr/bin/env bash
# scripts/bench, scripts/test, scripts/coverage, scripts/tree, scripts/packages-table, scripts/layouts and scripts/upgrades, with stand-ins for what
# they build and run.
# SOURCE names the source folder.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

mkdir -p scripts build/bench build/meson-logs build-asan/meson-logs bin
cp "$SOURCE"/scripts/{bench,test,coverage} scripts
cat >scripts/common.sh <<'END'
say() { printf '%s\n' "$*" >&2; }
packages_need() { :; }
browser_need() { :; }
npm_need() { :; }
build_into() { :; }
END
PATH=$scratch/bin:$PATH

script() {
    cat >"$1"
    chmod +x "$1"
}

# Prints the last line of a command's standard output; the command's exit status counts.
last_line() {
    "$@" >output
    local status=$?
    tail -n 1 output
    return "$status"
}

# STATUS LINE COMMAND...
ends_with() {
    local wanted=$1 line=$2 status=0 found
    shift 2
    found=$(last_line "$@") || status=$?
    printf '%s\n' "$found"
    ((status == wanted)) || { printf 'exit status %d, expected %d\n' "$status" "$wanted" && return 1; }
    [[ $found == "$line" ]] || { printf 'expected: %s\n' "$line" && return 1; }
}

# This stand-in writes what --output names, unless --interrupted is given, and ends with 1.
script build/bench/capprobe <<'END'
#!/usr/bin/env bash
printf '%s\n' "$*" >>calls
echo table
[[ $* != *--interrupted* ]] || exit 130
while (($# > 1)) && [[ $1 != --output ]]; do shift; done
echo "{}" >new
mv new "$2"
exit 1
END
again='to show it again: build/bench/capprobe show'
check 'bench --help' ends_with 0 '  scripts/bench --libvirt ~/libvirt/build --rounds 30 --output mine.json' scripts/bench --help
check 'bench says where the result is' ends_with 1 "result: build/result.json; $again build/result.json" scripts/bench
check 'the result is there' test -e build/result.json
check 'each scenario runs once' grep -qx -- 'bench --rounds 1 --output build/result.json' calls
check 'bench with options' ends_with 1 "result: build/result.json; $again build/result.json" scripts/bench --suite quick
check 'they replace the defaults' grep -qx -- 'bench --suite quick --output build/result.json' calls
check 'bench --output FILE' ends_with 1 "result: mine.json; $again mine.json" scripts/bench --output mine.json
check 'an interrupted run has no result' ends_with 130 table scripts/bench --interrupted

mkdir -p bench
cp "$SOURCE"/scripts/{controls,plant.sh} scripts
cp -r "$SOURCE/bench/controls" bench
check_exit 'controls --help' 0 scripts/controls --help
check 'controls without a word' refuses 'expected libvirt' scripts/controls
check 'controls: an unknown word' refuses "expected libvirt or judge, but got 'other'" scripts/controls other
check 'controls: an unknown release' refuses '--release 1.0: expected 9.0.0 or 11.3.0' scripts/controls libvirt --release 1.0
check 'controls: an unknown name' refuses '--only mtime: expected untouched or a name of bench/controls/libvirt.tsv' scripts/controls libvirt --only mtime
check 'controls: an unknown mistake' refuses '--only mtime: expected untouched or a name of bench/controls/judge.tsv' scripts/controls judge --only mtime
check 'controls: a release of the judge' refuses '--release is for libvirt only' scripts/controls judge --release 9.0.0
for shard in 0/2 3/2 1 a/b 1/2/3; do
    check "controls: the shard $shard" refuses "--shard $shard: expected I/N, with I from 1 to N" scripts/controls libvirt --shard "$shard"
done
of_shard=$(sed -n '/^of_shard()/,/^}/p' scripts/controls)
check 'controls: a shard has each Nth' test "$(bash -c "shard=2/3; $of_shard; seq 7 | of_shard" | xargs)" = '2 5'
check 'controls: not a number' refuses '--jobs 0: expected a number from 1 to 99' scripts/controls libvirt --jobs 0
check 'controls: no value' refuses '--only needs a value' scripts/controls libvirt --only

script bin/meson <<'END'
#!/usr/bin/env bash
while [[ $1 != -C ]]; do shift; done
printf '%s\n' "$*" >>meson-calls
cp junit.xml "$2/meson-logs/testlog.junit.xml"
END
script scripts/fuzz <<'END'
#!/usr/bin/env bash
cat fuzz-output
END
echo '<testsuites><testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase><testcase name="c"/></testsuite></testsuites>' >junit.xml
printf 'something\nfuzz: 5 passed, 0 failed, 1 skipped\n' >fuzz-output
check 'test --help' ends_with 0 '  meson test -C build --suite lint       format, shellcheck, include rules' scripts/test --help
check 'test: an unknown option' refuses "unknown option '--no-such'; 'scripts/test --help' lists the options" scripts/test --no-such
check 'test adds up all results' ends_with 0 '9 passed, 0 failed, 3 skipped' scripts/test
check 'test runs what matters with sanitizers only with them' diff <(grep -o ' --num-processes.*\|--suite.*\|--no-suite.*' meson-calls | sed 's/^ *--num-processes [0-9]* //') - <<'END'
--no-suite sanitized
--suite unit --suite sanitized
END
printf 'fuzz: 4 passed, 1 failed, 1 skipped\n' >fuzz-output
check 'a fuzz test fails' ends_with 1 '8 passed, 1 failed, 3 skipped' scripts/test --werror
printf 'killed\n' >fuzz-output
check 'the fuzz tests end early' ends_with 1 '4 passed, 1 failed, 2 skipped' scripts/test
echo '<testsuites><testsuite><testcase name="a"><failure/></testcase></testsuite></testsuites>' >junit.xml
check 'tests fail' ends_with 1 '0 passed, 3 failed, 0 skipped' scripts/test

mkdir -p build-coverage/meson-logs
touch build-coverage/old.gcda
script bin/gcovr <<'END'
#!/usr/bin/env bash
echo counts
END
check 'coverage --help' ends_with 0 'or the build failed, 254 for wrong usage.' scripts/coverage --help
check 'coverage: an unknown option' refuses "unknown option '--html'" scripts/coverage --html
check 'coverage prints the counts' ends_with 0 counts scripts/coverage state
check 'of this run only' test ! -e build-coverage/old.gcda
script bin/meson <<'END'
#!/usr/bin/env bash
exit 1
END
check 'also if a test fails' ends_with 1 counts scripts/coverage

# A result of two libvirts, in which every kind of cell comes up.
reads() {
    jq -nc --arg name "$1" --arg variant "$2" --argjson fresh "$3" --argjson stale "$4" --argjson torn "${5-0}" --argjson failed "${6-0}" --argjson unknown "${7-0}" \
        --arg skipped "${8-}" '{name: $name, variant: $variant, skipped: $skipped, reads: {fresh: $fresh, stale: $stale, torn: $torn, failed: $failed, unknown: $unknown}}'
}
{
    reads dpkg 9.0.0 4 0
    reads dpkg 12.8.0 3 1
    reads apt 9.0.0 3 0 1
    reads apt 12.8.0 3 1 0 1
    reads rpm 9.0.0 3 1 0 0 1
    reads rpm 12.8.0 0 0
    reads ostree 9.0.0 0 0 0 0 0 'this host has no command ostree'
} | jq -s '{scenarios: ., variants: [["9.0.0", "7.2.1 (x)"], ["12.8.0", "11.1.3"] | {name: .[0], environment: {libvirt: {version: .[0]}, emulator: {version: "QEMU emulator version \(.[1])"}}}]}' >result.json
cp "$SOURCE/scripts/packages-table" scripts
# NAME CELL CELL: the row of the table has these cells.
has_cells() {
    scripts/packages-table --from result.json | grep "^| $1 |" | grep -Fq -- "| $2 | $3 |"
}
check 'packages-table --help' ends_with 0 'Exit status: 0 all well, 125 this machine cannot do it, 254 wrong usage.' scripts/packages-table --help
check 'packages-table: the libvirts' has_cells '' 'libvirt 9.0.0, QEMU 7.2.1' 'libvirt 12.8.0, QEMU 11.1.3'
check 'packages-table: noticed or not' has_cells dpkg noticed '**not noticed**'
check 'packages-table: torn and failed reads' has_cells apt undecided undecided
check 'packages-table: reads without a verdict' has_cells rpm undecided undecided
check 'packages-table: not tested' has_cells ostree 'not tested: this host has no command ostree' 'not run'
check 'packages-table: a missing result' refuses 'missing.json: cannot be read' scripts/packages-table --from missing.json
check 'packages-table: not a result' refuses 'output: expected a result' scripts/packages-table --from output
same_table() {
    local page readme
    page=$(sed -n '/^| .* libvirt/,/^$/s/^|/|/p' "$SOURCE/docs/packages.md")
    readme=$(sed -n '/^<!-- the table of docs.packages.md/,/^<!-- end of the table/s/^|/|/p' "$SOURCE/README.md")
    [[ $page ]] && diff <(echo "$page") <(echo "$readme")
}
check 'packages-table: the README has the table of docs/' same_table

# Rows of every kind.
cp "$SOURCE/scripts/layouts" scripts
mkdir -p rows docs
cat >rows/layouts <<'END'
minimal||11.3.0: virtlogd (libvirt-daemon-log)
modular|libyajl2|9.0.0: virtqemud (the build)
END
cat >rows/rows <<'END'
minimal|embed|yes|noticed|1470|999|84|
minimal|no daemon|no|||||Failed to connect
modular|virtqemud|yes|not noticed|1000|7|3|
modular|virtproxyd|yes|undecided|1|2|3|
END
cat >layouts.md <<'END'
| layout | packages | libvirt, and its daemons | how it is asked | answers | module removed | nothing cached | after the removal | from disk | what libvirt says |
|---|---|---|---|---|---|---|---|---|---|
| **minimal** |  | 11.3.0: virtlogd (libvirt-daemon-log) | embed | yes | noticed | 1.47 s | 999 ms | 84 ms |  |
|  |  |  | no daemon | no |  |  |  |  | Failed to connect |
| **modular** | libyajl2 | 9.0.0: virtqemud (the build) | virtqemud | yes | **not noticed** | 1.00 s | 7 ms | 3 ms |  |
|  |  |  | virtproxyd | yes | undecided | 1 ms | 2 ms | 3 ms |  |
END
check 'layouts --help' ends_with 0 'Exit status: 0 all well, 125 this machine cannot do it, 254 wrong usage.' scripts/layouts --help
check 'layouts: an unknown option' refuses "unexpected arguments '--form rows'; 'scripts/layouts --help' tells more" scripts/layouts --form rows
check 'layouts: a missing folder' refuses 'missing: expected a folder with the files layouts and rows' scripts/layouts --from missing
check 'layouts: the table' diff <(scripts/layouts --from rows) layouts.md
# Each situation has its function, and a row on the page.
every_situation() {
    local function what bad=0
    while IFS='|' read -r _ function what; do
        grep -q "^$function()" "$SOURCE/scripts/layouts.sh" || { echo "$function is not there" && bad=1; }
        grep -qF " | $what | " "$SOURCE/docs/layouts.md" || { echo "docs/layouts.md lacks '$what'" && bad=1; }
    done < <(sed -n '/^situations()/,/^END/p' scripts/layouts | grep '|.*|')
    return "$bad"
}
check 'layouts: every situation is done and shown' every_situation

# A time line with every part, and the reads of its history: one before, one of each kind, one after, and two of the restarted libvirt.
cp "$SOURCE"/scripts/upgrades "$SOURCE"/scripts/upgrade-tree.sh scripts
mkdir upgrades
cat >upgrades/next-session.txt <<'END'
sh -c upgrade
    0.0 ..    2.0 s   fresh, 1 read
    4.0 ..    6.0 s   failed, 1 read
                     libvirt is started again, as it is installed now
    6.0 ..    8.0 s   stale, 2 reads
                       error: some reason

the command ended with status 0 after 5.0 s; libvirt was asked 5 times and was
    2.5 s  right
    1.5 s    of that about a host that was half changed
    2.0 s  wrong, for it said what had been true (stale)
    1.0 s  wrong, for it said what had never been true (torn)
    0.5 s  failed
    0.2 s  unknown
END
for probes in 1 0 2 1 3 0; do
    echo "{\"type\":\"read\",\"emulators\":$probes}"
done >upgrades/next-session.jsonl
printf '%s\n' 'one thing|first|1|yes|' 'one thing|second|||some words' >upgrades/beside.situation
cat >upgrades.md <<'END'
| what | layout | `--target` | took | reads | right | of that half changed | stale | failed or unknown | probes | started again at the end | its probes |
|---|---|---|---|---|---|---|---|---|---|---|---|
| Debian 12 to 13 | monolithic | session | 5.0 s | 5 | 2.5 s | 1.5 s | 2.0 s | 1.7 s | 3 | stale: some reason | 3, then 0 |

| what | step | probes | right | what libvirt says |
|---|---|---|---|---|
| one thing | first | 1 | yes |  |
|  | second |  |  | some words |
END
check 'upgrades --help' ends_with 0 'Exit status: 0 all well, 125 this machine cannot do it, 254 wrong usage.' scripts/upgrades --help
check 'upgrades: a name that is not known' refuses "'upgrade' is not a name that is known here" scripts/upgrades upgrade
check 'upgrades: a missing folder' refuses 'missing: expected a folder with what this script has written' scripts/upgrades --from missing
check 'upgrades: the tables' diff <(scripts/upgrades --from upgrades) upgrades.md
every_upgrade() {
    local function bad=0
    while read -r function; do
        grep -q "^$function()" "$SOURCE/scripts/upgrades.sh" || { echo "$function is not there" && bad=1; }
    done < <(sed -n '/^watches()/,/^END/p' scripts/upgrades | cut -s -d '|' -f 6 && sed -n '/^situations()/,/^END/p' scripts/upgrades | cut -s -d '|' -f 3)
    return "$bad"
}
check 'upgrades: everything that is watched and tried is defined' every_upgrade

# What mmdebstrap mounts in a tree is not left on the host if it is killed: it was never there.
cp "$SOURCE/scripts/tree" scripts
echo "debian_mirror() { echo none; }; die() { say \"\$*\"; exit 125; }" >>scripts/common.sh
script bin/mmdebstrap <<'END'
#!/bin/bash
new=${*: -2:1}
mkdir "$new" && mount -t tmpfs tmpfs "$new" && grep -F "$new" /proc/self/mountinfo >mounted
grep -F "$new" /proc/1/mountinfo "/proc/$CALLER/mountinfo" >left
kill -9 $$
END
if ((EUID == 0)); then
    CALLER=$$ scripts/tree trixie >tree.txt 2>&1 || true
    check 'a tree: mmdebstrap is carried out where it can mount' test -s mounted
    check 'nothing of that is mounted on the host' test ! -s left
else
    skip 'a tree' 'only root mounts anything in it'
fi

done_testing
