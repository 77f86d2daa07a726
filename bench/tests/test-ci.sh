#!/usr/bin/env bash
# The files for CI systems: they are valid, and the commands in them are carried out as they are written. What takes libvirt is
# done by a stand-in, which refuses options that capprobe does not have. SOURCE names the source folder; BUILD/ci-checkers has what
# checks the files, which scripts/test puts there.
# shellcheck disable=SC2016  # variables of jobs, and of jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

check 'the files are YAML, and in good style' yamllint --strict -d '{extends: default, rules: {line-length: {max: 130}}}' \
    "$SOURCE"/scripts/ci/*.yml
check 'so is what tmt reads' yamllint --strict \
    -d '{extends: default, rules: {line-length: {max: 130}, document-start: disable, indentation: {spaces: 4}}}' \
    "$SOURCE/scripts/ci/capprobe.fmf"

checkers=$BUILD/ci-checkers
# FILE: what GitHub would refuse.
lint_github() { node "$SOURCE/bench/tests/lint-workflow.mjs" "$checkers" "$1"; }
# FILE: what GitLab's schema refuses, and jobs that name others that are not there.
lint_gitlab() {
    rm -rf pipeline
    mkdir pipeline
    cp "$1" pipeline/.gitlab-ci.yml
    (cd pipeline && git init --quiet && git remote add origin git@example.org:a/b.git &&
        HOME=$scratch "$checkers/node_modules/.bin/gitlab-ci-local" --list --variable CAPPROBE_URL=x)
}
# TEXT COMMAND...: the command fails, and says so.
complains() {
    local said
    said=$("${@:2}" 2>&1) && return 1
    printf '%s\n' "$said" && [[ $said == *"$1"* ]]
}
if [[ -e $checkers/complete ]]; then
    check 'GitHub: actionlint' lint_github "$SOURCE/scripts/ci/github-workflow.yml"
    sed 's/needs: suite/needs: sweet/' "$SOURCE/scripts/ci/github-workflow.yml" >broken.yml
    check 'GitHub: actionlint notices what is wrong' complains 'needs job "sweet" which does not exist' lint_github broken.yml
    check 'GitLab: the schema' lint_gitlab "$SOURCE/scripts/ci/gitlab-ci.yml"
    sed 's/exit_codes:/exit_code:/' "$SOURCE/scripts/ci/gitlab-ci.yml" >broken.yml
    check 'GitLab: a wrong key is noticed' complains "'exit_code' property is not expected" lint_gitlab broken.yml
else
    skip 'GitHub, GitLab: strict checks' "there is no $checkers, which scripts/test makes"
fi

# A clone of capprobe beside the project that includes the file for GitLab.
mkdir -p project capprobe/build/bench bin
cp -r "$SOURCE/scripts" capprobe
script() {
    cat >"$1"
    chmod +x "$1"
}
script bin/sudo <<<'#!/bin/sh
exec "$@"'
script capprobe/scripts/build-libvirt <<'END'
#!/bin/sh
[ "$2" = --src ] && [ -d "$3" ] && echo "$5"
END
script bin/capprobe <<'END'
#!/usr/bin/env bash
verb=$1 shard=1/1 seed=0 output=
for word; do
    [[ $word != --* ]] || "$REAL" "$verb" --help | grep -qE -- "^  $word(=|$)" || { echo "$verb has no $word" && exit 254; }
done
[[ $verb == @(bench|ab|repro|doctor) ]] || exec "$REAL" "$@"
shift
while (($#)); do
    [[ $1 != --@(shard|seed|output) ]] || declare "${1#--}=$2"
    shift
done
[[ $verb != doctor ]] || exit 0
[[ $verb != repro ]] || { echo "<testsuites/>" && exit 1; }
# `ab` has two variants, `bench` one shard with a scenario of its own.
jq -n --arg shard "$shard" --argjson seed "$seed" --argjson ab "$([[ $verb == ab ]] && echo true || echo false)" '
    {kvm: "absent", host: {cpu: "a CPU", cpus: 2}} as $environment |
    {name: "s\($shard | split("/")[0])", file: "made.scn", skipped: "", needs: 0, rounds: 1, untestable: 0,
        reads: {fresh: 1, stale: 0, torn: 0, failed: 0, unknown: 0, hidden: 0},
        refreshes: {needed: 1, spurious: 0, unknown: 0}, operations: {changed: 0, unchanged: 0},
        expectations: {held: 0, failed: 0}, emulators_started: 1, emulator_cpu_ns: 0, libvirt_cpu_ns: 0, max_rss_kb: 0,
        samples: [{round: 1, line: 2, label: null, verdict: "fresh", refresh: "needed", ns: 1000}],
        lines: [], settle: [], problems: []} as $scenario |
    {schema: "capprobe.result/2", environment: ($environment + if $ab then {} else {shard: $shard} end), seed: $seed,
        status: 0, error: "", reason: "", differences: [], profile: [], harness: {wall_ns: 1, libvirt_ns: 1}} +
    if $ab then {variants: [{name: "base", environment: $environment}, {name: "new", environment: $environment}],
        scenarios: [$scenario + {variant: "base"}, $scenario + {variant: "new"}]}
    else {scenarios: [$scenario]} end' >"${output:-/dev/stdout}"
END
ln -s "$scratch/bin/capprobe" capprobe/build/bench/capprobe
export REAL=$CAPPROBE CAPPROBE=$scratch/bin/capprobe PATH=$scratch/bin:$PATH

check_exit 'the stand-in refuses an option that capprobe does not have' 254 capprobe bench --shards 1/2

# FILE PATH...: the text at a path in a YAML file; a number takes an element, and of several texts each is a line.
text_of() {
    python3 - "$@" <<'END'
import sys, yaml
node = yaml.safe_load(open(sys.argv[1]))
for name in sys.argv[2:]:
    node = node[int(name) if isinstance(node, list) else name]
print("\n".join(node) if isinstance(node, list) else node)
END
}

gitlab=$SOURCE/scripts/ci/gitlab-ci.yml
export CI_PROJECT_DIR=$scratch/project CI_PIPELINE_ID=9876543210
# JOB: its script, in the project.
gitlab_job() {
    local script
    script=$(text_of "$gitlab" "$1" script) && (cd project && bash -euc "$script")
}
parallel_job() {
    local CI_NODE_INDEX CI_NODE_TOTAL
    CI_NODE_TOTAL=$(text_of "$gitlab" "$1" parallel)
    export CI_NODE_INDEX CI_NODE_TOTAL
    for ((CI_NODE_INDEX = 1; CI_NODE_INDEX <= CI_NODE_TOTAL; CI_NODE_INDEX++)); do
        gitlab_job "$1" || return
    done
}
# JOB: what it hands to GitLab is there, and is XML.
artifacts_exist() {
    local pattern
    pattern=$(text_of "$gitlab" "$1" artifacts reports junit) || return
    compgen -G "project/$pattern" && compgen -G "project/$pattern" | xargs xmllint --noout
}
check 'GitLab: the suite' parallel_job capprobe-suite
check 'GitLab: its artifacts' artifacts_exist capprobe-suite
check 'GitLab: the shards differ, the seed does not' jq -se 'map(.seed) == [1286608618, 1286608618, 1286608618, 1286608618] and
    (map(.environment.shard) | sort) == ["1/4", "2/4", "3/4", "4/4"]' project/results/suite-*.json
check 'GitLab: the catalogue, in which a defect shows' parallel_job capprobe-catalogue
check 'GitLab: all of it' test -e project/results/catalogue-4.xml
check 'GitLab: the report' gitlab_job capprobe-report
check 'GitLab: its artifacts' artifacts_exist capprobe-report
check 'the report is of all shards' jq -e '[.scenarios[].name] == ["s1", "s2", "s3", "s4"]' project/results/suite.json
rm project/results/suite-3.json
check_exit 'a report is not made without a shard' 254 gitlab_job capprobe-report

git_in() { git -C project -c user.name=a -c user.email=a@example.org "$@"; }
git_in init --quiet
git_in commit --quiet --allow-empty -m base
CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git_in rev-parse HEAD)
export CI_MERGE_REQUEST_DIFF_BASE_SHA
check 'GitLab: a merge request' gitlab_job capprobe-ab
check 'GitLab: its comparison' grep -q '| s1:2 |' project/results/ab.md

github=$SOURCE/scripts/ci/github-workflow.yml
# JOB STEP: its command, in the clone, for each shard.
github_job() {
    local command shard
    command=$(text_of "$github" jobs "$1" steps "$2" run) || return
    for shard in 1 2 3 4; do
        (cd capprobe && GITHUB_RUN_ID=7 GITHUB_STEP_SUMMARY=summary.md bash -euc "${command//'${{ matrix.shard }}'/$shard}") || return
    done
}
check 'GitHub: the suite' github_job suite 1
check 'GitHub: the catalogue' github_job catalogue 1
check 'GitHub: the report' github_job report 2
check 'GitHub: its summary' github_job report 3
check 'which says something' grep -q s4 capprobe/summary.md

mkdir data
tmt_test() {
    local script
    script=$(text_of "$SOURCE/scripts/ci/capprobe.fmf" /test test) && (cd capprobe/scripts/ci && TMT_TEST_DATA=$scratch/data bash -euc "$script")
}
check 'tmt: the test' tmt_test
check 'tmt: its results' grep -q '"result" *: *"pass"' data/results.yaml

package_tests() {
    local command n=0
    while IFS= read -r command; do
        bash -euc "$command" >made.json || return
        n=$((n + 1))
    done < <(sed -n 's/^Test-Command: //p' "$SOURCE/scripts/packaging/debian/tests/control")
    ((n > 0))
}
check 'autopkgtest: the tests' package_tests

done_testing
