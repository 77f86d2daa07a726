#!/usr/bin/env bash
# scripts/bisect, on a made-up history of 20 commits, with stand-ins for libvirt's build and capprobe. SOURCE names the source folder.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost

mkdir -p scripts corpus/bugs/{scenario,input}
cp "$SOURCE"/scripts/{bisect,bugs.sh} scripts
cat >scripts/common.sh <<'END'
say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 125; }
packages_need() { :; }
END
for id in scenario input; do
    printf '%s\n' --- "id: $id" 'kind: stale' 'since: 9.0.0' 'fixed: no' 'seen: 9.0.0' --- '# It lies' >"corpus/bugs/$id/about.md"
done
sed -i 's/^seen.*/&\nshows: scenario repro.scn/' corpus/bugs/scenario/about.md
sed -i 's/^seen.*/&\nshows: target caps-load input.xml/' corpus/bugs/input/about.md

# Stand-ins: the driver is what the source has; a source that says so does not build.
cat >scripts/build-libvirt <<'END'
#!/usr/bin/env bash
[[ "$1 $2 $4" == "embedded --src --to" ]] || exit 254
! grep -q 'does not build' "$3/driver.c" || exit 255
mkdir -p "$5/libvirt/src"
cp "$3/driver.c" "$5/libvirt/src/libvirt_driver_qemu.so"
chmod +x "$5/libvirt/src/libvirt_driver_qemu.so"
echo "$5"
END
cat >scripts/fuzz <<'END'
#!/usr/bin/env bash
[[ "$1 $2 $4" == "build --src --to" ]] || exit 254
mkdir -p "$5/targets"
cp "$3/driver.c" "$5/targets/caps-load"
chmod +x "$5/targets/caps-load"
echo "$5"
END
# It shows the defect each time, or each Nth time.
cat >capprobe <<'END'
#!/usr/bin/env bash
[[ "$1 $5 $7 $8" == "repro --rounds --format json" ]] || exit 254
case $3 in
--libvirt) driver=$4/libvirt_driver_qemu.so ;;
--fuzz) driver=$4/targets/caps-load ;;
esac
echo "$2 $6" >>calls
! grep -q 'says nothing' "$driver" || exit 255
! grep -q 'is interrupted' "$driver" || { echo '{"bugs": [{"outcome": "interrupted", "hits": 0, "runs": 2}]}' && exit 130; }
every=$(sed -n 's/^shows //p' "$driver")
hits=0
for ((runs = 0; runs < $6 && hits < 3;)); do
    ((++runs))
    ((!every || runs % every)) || ((++hits))
done
outcome='not reproduced'
((!hits)) || outcome=reproduced
jq -n --arg outcome "$outcome" --argjson hits "$hits" --argjson runs "$runs" '{bugs: [{$outcome, $hits, $runs}]}'
END
chmod +x scripts/{build-libvirt,fuzz} capprobe
export CAPPROBE=./capprobe

# commit NUMBER: of what is there.
commit() {
    git -C history add -A
    git -C history commit -qm "commit $1"
    git -C history tag "c$1"
}

# make_history FIRST PLANTED: the driver is FIRST in the commits 1 to 12, and PLANTED from the 13th on. Commits 14 to 18 change
# only another file, and the 10th and 11th do not build.
make_history() {
    local number
    rm -rf history build
    git init -q history
    for ((number = 1; number <= 20; number++)); do
        echo "$number" >history/other
        if ((number < 14 || number > 18)); then
            { echo "$number" && if ((number < 13)); then echo "$1"; else echo "$2"; fi; } >history/driver.c
        fi
        ((number != 10 && number != 11)) || echo 'does not build' >>history/driver.c
        ((number != 3)) || echo 'says nothing' >>history/driver.c
        ((number != 4)) || echo 'is interrupted' >>history/driver.c
        commit "$number"
    done
}

# STATUS TEXT ARGUMENT...: bisects; TEXT is in what is printed.
bisects() {
    local wanted=$1 text=$2 status=0
    shift 2
    : >calls
    scripts/bisect "$@" --src history >said 2>&1 || status=$?
    cat said
    ((status == wanted)) || { echo "exit status $status, expected $wanted" && return 1; }
    grep -F -- "$text" said >/dev/null || { echo "expected: $text" && return 1; }
}

make_history '' 'shows 1'
check 'the planted commit is found' bisects 0 'commit 13' scenario --good c1 --bad c20
check 'with all confidence' grep -F 'confidence 1.00 after' said
check 'what does not build is skipped' grep -F 'does not build' said
check 'the same driver is not tried again' grep 'it has the same driver as' said
check 'the ends are tried 20 times, others 10 times' bash -c '[[ $(head -n 2 calls | sort -u) == "scenario 20" && $(sed 1,2d calls | sort -u) == "scenario 10" ]]'
check 'the repository is as it was' bash -c '[[ -z $(git -C history status --porcelain) && $(git -C history worktree list | wc -l) == 1 && -z $(git -C history for-each-ref refs/bisect) ]]'
check 'a defect of a fuzz target' bisects 0 'commit 13' input --good c1 --bad c20

check 'a trial that says nothing' bisects 125 'c3 is not good, but skip' scenario --good c3 --bad c20
check 'a trial that was interrupted' bisects 125 'c4 is not good, but skip' scenario --good c4 --bad c20
check_exit 'a step that fails is not a verdict' 125 scripts/bisect scenario --step no

make_history 'shows 1' ''
check 'the commit that fixed it is found' bisects 0 'commit 13' scenario --fix --bad c1 --good c20
check 'a revision that should have it and does not' bisects 125 'c20 is not bad, but good' scenario --good c1 --bad c20

make_history '' 'shows 4'
check 'a defect that shows at times' bisects 0 'commit 13' scenario --good c1 --bad c20
check 'it is tried more often' bash -c '[[ $(sed 1,2d calls | sort -u | xargs) == "scenario 10 scenario 20" ]]'
check 'the confidence takes its rate into account' grep -E 'confidence 0\.[89]' said

make_history '' 'shows 9'
check 'a defect that shows too seldom' bisects 125 'c20 is not bad, but skip' scenario --good c1 --bad c20

# The functions alone.
rule() {
    bash -c "$(sed -n '/^verdict_of()/,/^}/p; /^confidence_of()/,/^}/p' scripts/bisect); $1"
}
check 'the rule' test "$(rule 'for n in "0 0" "0 10" "1 10" "2 10" "2 20" "3 20" "3 3"; do verdict_of $n; done' | xargs)" = 'skip good skip bad skip bad bad'
printf '%s\n' 'a bad 3 6 -' 'b good 0 2 -' 'c good 0 1 -' 'd skip 0 0 -' >log
check 'the confidence' test "$(rule 'confidence_of log')" = 0.38
check 'no confidence without a revision that has it' test "$(rule 'confidence_of /dev/null')" = 0.00

check_exit '--help' 0 scripts/bisect --help
check 'an unknown defect' refuses "'none' is not a known defect" scripts/bisect none --good c1 --bad c20 --src history
check 'no revisions' refuses 'expected --good, --bad and --src' scripts/bisect scenario
check 'an unknown revision' refuses "history has no revision 'c99'" scripts/bisect scenario --good c99 --bad c20 --src history
check 'an unknown option' refuses "unknown option '--none'" scripts/bisect scenario --none
check 'no value' refuses '--good needs a value' scripts/bisect scenario --good

done_testing
