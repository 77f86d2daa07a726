#!/usr/bin/env bash
# Every page of corpus/bugs/ begins with complete and legal fields, and the index lists them all. See scripts/bugs.sh.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "${0%/*}/../.." || exit 99
# shellcheck source=scripts/bugs.sh
source scripts/bugs.sh

version='[0-9]+\.[0-9]+\.[0-9]+'
required=(id kind since fixed seen shows)
optional=(crash qemu-fixed made-for deadline public hidden)

# Whether LIST is at least one version, oldest first, each one once.
are_versions() {
    local list=$1
    [[ $list =~ ^$version(\ $version)*$ ]] && tr ' ' '\n' <<<"$list" | sort -CVu
}

is_target() {
    [[ $(find fuzz -name "$1.c" -exec grep -l '^LLVMFuzzerTestOneInput' {} +) ]]
}

# The required fields come in order, then the optional ones; each once, and none is empty.
fields_are_complete() {
    local page=$1 head names name expected
    [[ $(head -n 1 "$page") == --- ]] || { echo "the first line is not '---'" && return 1; }
    head=$(sed '1d;/^---$/,$d' "$page")
    names=$(cut -d : -f 1 <<<"$head" | xargs)
    expected=${required[*]}
    for name in "${optional[@]}"; do
        [[ " $names " != *" $name "* ]] || expected+=" $name"
    done
    [[ $names == "$expected" ]] || { echo "fields: '$names', expected '$expected'" && return 1; }
    ! grep -nvE '^[a-z-]+: [^ ](.*[^ ])?$' <<<"$head" || { echo "expected 'NAME: VALUE'" && return 1; }
    [[ $(sed -n '2,$p' "$page" | sed -n '/^---$/{n;p;q}') == '# '?* ]] || { echo "expected a heading after the fields" && return 1; }
}

kind_is_known() {
    local kind
    kind=$(bug_field "$1" kind)
    bug_kinds | grep -q "^$kind|" || { echo "kind '$kind', expected one of: $(bug_kinds | sed 's/|.*//' | xargs)" && return 1; }
}

versions_agree() {
    local page=$1 since fixed seen qemu_fixed made_for one
    since=$(bug_field "$page" since) fixed=$(bug_field "$page" fixed) seen=$(bug_field "$page" seen)
    made_for=$(bug_field "$page" made-for)
    are_versions "$seen" || { echo "seen '$seen': expected versions, oldest first" && return 1; }
    [[ $fixed == no || $fixed =~ ^$version$ ]] || { echo "fixed '$fixed': expected a version or 'no'" && return 1; }
    [[ ${seen%% *} == "$since" ]] || { echo "since '$since': expected the first version of seen, ${seen%% *}" && return 1; }
    for one in $seen; do
        [[ $fixed == no ]] || older "$one" "$fixed" || { echo "seen on $one, but fixed in $fixed" && return 1; }
    done
    qemu_fixed=$(bug_field "$page" qemu-fixed)
    [[ ! $qemu_fixed || $qemu_fixed =~ ^$version$ ]] || { echo "qemu-fixed '$qemu_fixed': expected a version" && return 1; }
    [[ ! $made_for ]] || are_versions "$made_for" || { echo "made-for '$made_for': expected versions" && return 1; }
    for one in $made_for; do
        [[ " $seen " == *" $one "* ]] || { echo "made for $one, but not seen on it" && return 1; }
    done
}

# What shows the defect exists, and every file of the folder shows it. There may be more inputs of the target, "input-*".
files_agree() {
    local page=$1 folder=${1%/*} shows scenario target input public
    public=$(bug_field "$page" public)
    shows=$(bug_field "$page" shows)
    [[ $shows =~ ^(scenario [^ ,]+|(scenario [^ ,]+, )?target [^ ,]+ [^ ,]+)$ ]] ||
        { echo "shows '$shows': expected 'scenario FILE', 'target TARGET FILE' or both, with a comma between" && return 1; }
    scenario=$(bug_shown "$page" scenario)
    read -r target input < <(bug_shown "$page" target)
    [[ ! $target ]] || is_target "$target" || { echo "there is no fuzz target '$target'" && return 1; }
    [[ $target || ! $(bug_field "$page" crash) ]] || { echo "crash, but no target" && return 1; }
    diff <(printf '%s\n' about.md ${scenario:+"$scenario"} ${input:+"$input"} ${public:+"$public"} | sort) <(find "$folder" -mindepth 1 ${target:+! -name 'input-*'} -printf '%P\n' | sort) ||
        { echo "shows '$shows' does not name the files of the folder" && return 1; }
}

# Every defect can be exported, or it is said why not.
export_is_told() {
    local page=$1
    [[ $(bug_shown "$page" scenario) ]] || [[ $(bug_field "$page" public) ]] || [[ $(bug_field "$page" hidden) ]] ||
        { echo "expected a scenario, 'public FILE' or 'hidden REASON'" && return 1; }
    [[ ! $(bug_field "$page" public) || ! $(bug_field "$page" hidden) ]] || { echo "public and hidden" && return 1; }
}

deadline_is_a_duration() {
    local deadline
    deadline=$(bug_field "$1" deadline)
    [[ ! $deadline || $deadline =~ ^[1-9][0-9]*m?s$ ]] || { echo "deadline '$deadline': expected a duration such as 5s" && return 1; }
}

is_sound() {
    local page=$1 folder=${1%/*}
    fields_are_complete "$page" && kind_is_known "$page" && versions_agree "$page" && files_agree "$page" && deadline_is_a_duration "$page" && export_is_told "$page" || return
    [[ $(bug_field "$page" id) == "${folder##*/}" ]] || { echo "id '$(bug_field "$page" id)' is not the folder's name" && return 1; }
}

# Passes if a good page is refused, with TEXT, once SED has changed it.
is_refused() {
    local id=$1 sed=$2 text=$3 said
    rm -rf "${scratch:?}/$id"
    cp -r "corpus/bugs/$id" "$scratch"
    sed -i "$sed" "$scratch/$id/about.md"
    ! said=$(is_sound "$scratch/$id/about.md" 2>&1) || { echo 'not refused' && return 1; }
    printf '%s\n' "$said"
    [[ $said == *"$text"* ]]
}

symptoms_differ() {
    local page twice
    twice=$(for page in corpus/bugs/*/about.md; do bug_symptom "$page"; done | sort | uniq -d)
    [[ ! $twice ]] || { echo "$twice" && return 1; }
}

for folder in corpus/bugs/*/; do
    id=$(basename "$folder")
    check "$id has a sound page" is_sound "${folder%/}/about.md"
done
check 'every page has a symptom of its own' symptoms_differ
check 'the index is what scripts/list-bugs prints' diff <(scripts/list-bugs) corpus/bugs/README.md

check 'refuses a page without fields' is_refused same-second '1,/^---$/d' "the first line is not '---'"
check 'refuses a missing field' is_refused same-second '/^since:/d' "fields: 'id kind fixed seen shows'"
check 'refuses an unknown field' is_refused same-second '/^shows:/a mended: no' 'fields: '
check 'refuses a field given twice' is_refused same-second '/^kind:/p' 'fields: '
check 'refuses an empty field' is_refused same-second 's/^fixed:.*/fixed:/' "expected 'NAME: VALUE'"
check 'refuses a page without a heading' is_refused same-second 's/^# //' 'expected a heading'
check 'refuses an unknown kind' is_refused same-second 's/^kind:.*/kind: odd/' "kind 'odd', expected one of: stale"
check 'refuses a version that is not one' is_refused same-second 's/^fixed:.*/fixed: soon/' "fixed 'soon'"
check 'refuses a version of QEMU that is not one' is_refused emulator-relocated 's/^qemu-fixed:.*/qemu-fixed: yes/' "qemu-fixed 'yes'"
check 'refuses versions in the wrong order' is_refused same-second 's/^seen:.*/seen: 11.3.0 9.0.0/' "seen '11.3.0 9.0.0'"
check 'refuses a first version on which it was not seen' is_refused same-second 's/^since:.*/since: 8.0.0/' "since '8.0.0'"
check 'refuses a defect that was seen after its fix' is_refused same-second 's/^fixed:.*/fixed: 12.0.0/' 'but fixed in 12.0.0'
check 'refuses an input for a version without the defect' is_refused xpath-out-of-memory 's/^made-for:.*/made-for: 12.8.0/' 'made for 12.8.0'
check 'refuses a deadline without a unit' is_refused emulator-hangs 's/^deadline:.*/deadline: 5/' "deadline '5'"
check 'refuses a file that does not exist' is_refused same-second 's/repro.scn/other.scn/' 'does not name the files'
check 'refuses a file that nothing names' is_refused kvm-unseen 's/, target.*//' 'does not name the files'
check 'refuses an unknown target' is_refused cpudata-empty 's/caps-roundtrip/caps-none/' "no fuzz target 'caps-none'"
check 'refuses another form of shows' is_refused same-second 's/scenario repro/repro/' "shows 'repro.scn'"
check 'refuses a defect that nothing exports' is_refused cpudata-empty '/^hidden:/d' "expected a scenario, 'public FILE'"
check 'refuses a wrong id' is_refused same-second 's/^id:.*/id: other/' "id 'other'"

done_testing
