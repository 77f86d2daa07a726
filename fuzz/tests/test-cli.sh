#!/usr/bin/env bash
# scripts/fuzz as a person meets it: mistakes are told in one line, help helps, interruption leaves nothing behind. It is
# run in a copy of the tree that shares the built programs; BUILT names the folder of those in the flavour asan.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "${0%/*}/../.." || exit 99

tree=$scratch/tree
mkdir -p "$tree/build" "$scratch/tmp"
cp -r bench corpus fuzz scripts "$tree"
export TMPDIR=$scratch/tmp

# Makes what is built where BUILT is the tree's own.
share() {
    local libvirt=build/libvirt-9.0.0-asan programs=build/fuzz-9.0.0-asan own
    own=${BUILT%/*}/libvirt-${BUILT##*/fuzz-}
    mkdir "$libvirt"
    cp "$own"/{complete,libvirt-internal.pc} "$libvirt/"
    ln -s "$BUILT" "$programs"
    touch "$programs.built"
}

# Builds the target own-scenario, which has nothing of libvirt in it, in another flavour: with COMPILER and FLAGS, and the
# libvirt that there is.
build_scenario() {
    local flavour=$1 compiler=$2 flags=$3 engine=$4 libvirt=build/libvirt-9.0.0-$1 programs=build/fuzz-9.0.0-$1
    mkdir "$libvirt"
    touch "$libvirt/complete"
    sed -E "s/^compiler=.*/compiler=$compiler/; s/^flavour=.*/flavour=$flavour/; s/^(Cflags|Libs): /&$flags /" \
        build/libvirt-9.0.0-asan/libvirt-internal.pc >"$libvirt/libvirt-internal.pc"
    PKG_CONFIG_PATH=$PWD/$libvirt CC=$compiler CXX=$compiler++ AFL_QUIET=1 meson setup "$programs" fuzz -Dengine="$engine" &&
        AFL_QUIET=1 ninja -C "$programs" targets/own-scenario && touch "$programs.built"
}

cd "$tree" || exit 99
share || exit 99
touch "$scratch/begun"

check_exit 'help' 0 scripts/fuzz --help
check_exit 'help, asked of a verb' 0 scripts/fuzz cmin --help
check 'help lists every verb' bash -c '
    for verb in $(grep -l "^# verb:" fuzz/verbs/*.sh); do
        verb=${verb##*/}
        scripts/fuzz --help | grep -qE "^  ${verb%.sh}( |$)" || { echo "$verb"; exit 1; }
    done'
check 'no verb' refuses 'which verb?' scripts/fuzz
check 'an unknown verb' refuses 'no verb prove' scripts/fuzz prove
check 'an unknown option' refuses 'no option --fast' scripts/fuzz test --fast
check 'an option without its value' refuses '--time wants a value' scripts/fuzz run --time
check 'a source tree that is not there' refuses 'missing is not there' scripts/fuzz test --src missing
check 'an unknown release' refuses 'release 1.0 is not known' scripts/fuzz test --release 1.0
check 'an unknown flavour' refuses 'no flavour sweet' scripts/fuzz build --flavour sweet
check 'a flavour with nothing to fuzz' refuses 'nothing to fuzz' scripts/fuzz repro --flavour daemons cpudata-empty
check 'build: an operand' refuses 'no operand' scripts/fuzz build caps-load
check 'test: an engine' refuses 'do not: say replay' scripts/fuzz test --flavour libfuzzer
check 'check-build: a flavour without an engine' refuses asan scripts/fuzz check-build --flavour asan

for verb in run cov cmin; do
    check "$verb: no target" refuses 'one target' scripts/fuzz "$verb"
    check "$verb: an unknown target" refuses 'no target caps' scripts/fuzz "$verb" caps
    check "$verb: a flavour" refuses 'takes no flavour' scripts/fuzz "$verb" --flavour replay caps-load
done
check 'run: an unknown engine' refuses 'no engine steam' scripts/fuzz run --engine steam caps-load
check 'run: no processes' refuses '--jobs wants' scripts/fuzz run --jobs 0 caps-load
check 'run: a time that is none' refuses 'soon is no time' scripts/fuzz run --time soon caps-load
check 'status: an unknown target' refuses 'no target caps' scripts/fuzz status caps
check_exit 'status without a campaign' 0 scripts/fuzz status

check 'repro: nothing' refuses 'one file, or one name' scripts/fuzz repro
check 'repro: a file that is not there' refuses 'neither a file nor a name' scripts/fuzz repro missing.xml
check 'repro: a folder' refuses 'neither a file nor a name' scripts/fuzz repro corpus
check 'repro: a file of no target' refuses 'say --target' scripts/fuzz repro scripts/fuzz
check 'repro: an unknown target' refuses 'no target caps' scripts/fuzz repro --target caps scripts/fuzz
check_exit 'repro: what goes well' 0 scripts/fuzz repro corpus/seeds/caps-load/minimal.xml
check_exit 'repro: a known defect, by its name' 1 scripts/fuzz repro cpudata-empty
check_exit 'repro: one that ends the process' 1 scripts/fuzz repro cpudata-copy-null
check 'repro: gdb stops where it ends' bash -c '
    printf "run\nbt\n" | scripts/fuzz repro --gdb cpudata-copy-null | grep "in virCPUx86DataCopyNew"'

check 'triage: a file that is not there' refuses 'neither a target nor a file' scripts/fuzz triage missing.xml
check 'triage: a file of no target' refuses 'say --target' scripts/fuzz triage scripts/fuzz
check 'triage: another flavour' refuses 'in the flavour asan' scripts/fuzz triage --flavour replay
check 'triage: somebody'\''s folder' refuses 'not of an earlier triage' scripts/fuzz triage --out corpus corpus/bugs/cpudata-empty
check_exit 'triage: nothing to do' 0 scripts/fuzz triage

crashes=build/campaigns/caps-roundtrip-afl/sync/main/crashes
mkdir -p "$crashes" "$crashes.2026-01-01-00:00:00"
cp corpus/bugs/cpudata-empty/input.xml "$crashes/id:000000,sig:06,src:000001,op:havoc"
cp corpus/bugs/cpudata-empty/input.xml "$crashes.2026-01-01-00:00:00/id:000000,sig:06"
cp corpus/bugs/number-sign/input.xml "$crashes/id:000001,sig:06"
echo 'not an input' >"$crashes/README.txt"
group=caps-roundtrip-known-defect-cpudata-empty
check_exit 'triage: what a campaign found' 1 scripts/fuzz triage caps-roundtrip
check 'is in groups' bash -c '[[ $(jq -c ".runs[0].results | map(.properties | [.known, .inputs])" build/triage/triage.sarif) == "$1" ]]' \
    _ '[["cpudata-empty",2],["number-sign",1]]'
check_exit 'repro: a group, by its name' 1 scripts/fuzz repro "$group"
check_exit 'triage: another target' 0 scripts/fuzz triage caps-load

replay=$(realpath build/fuzz-9.0.0-asan/targets/caps-load)
mkdir "$scratch/empty"
check_exit 'the driver: help' 0 "$replay" --help
check 'the driver: nothing' refuses 'nothing to play' "$replay"
check 'the driver: an empty folder' refuses 'nothing to play' "$replay" "$scratch/empty"
check 'the driver: a folder that is not there' refuses 'No such file' "$replay" "$scratch/missing"
check 'the driver: an unknown option' refuses '--fast' "$replay" --fast
check 'the driver: no runs' refuses 'nothing to play' "$replay" --runs 0 corpus/seeds/caps-load

# In place of libFuzzer's merge one that keeps a single input.
forgetful() {
    local merge=build/fuzz-9.0.0-libfuzzer
    mkdir -p "$merge/targets" build/libvirt-9.0.0-libfuzzer
    touch build/libvirt-9.0.0-libfuzzer/complete
    printf '%s\n' '#!/bin/bash' 'cp "$(find "${@: -1}" -type f | sort | head -n 1)" "${@: -2:1}"' >"$merge/targets/own-scenario"
    chmod +x "$merge/targets/own-scenario"
    touch "$merge/build.ninja" "$merge.built"
}

# The folder that cmin writes has fewer files than FILES.
fewer_than() {
    local n
    n=$(find build/campaigns/own-scenario-min -type f | wc -l)
    echo "$n files"
    ((n > 1 && n < $1))
}

check 'the target own-scenario builds for coverage' build_scenario coverage clang '-fprofile-instr-generate -fcoverage-mapping' replay
check_exit 'repro: in the flavour coverage' 0 scripts/fuzz repro --flavour coverage corpus/scenarios/cold-probe.scn --target own-scenario

collected=build/campaigns/own-scenario-libfuzzer/corpus
mkdir -p "$collected"
for file in corpus/scenarios/*.scn corpus/seeds/own-scenario/*; do
    { cat "$file" && echo '# the same'; } >"$collected/${file##*/}"
done
total=$(find corpus/scenarios corpus/seeds/own-scenario corpus/regressions/own-scenario "$collected" -type f | wc -l)
forgetful
check_exit 'cmin: what the merge loses' 0 scripts/fuzz cmin own-scenario
check 'is put back' fewer_than "$total"
rm -r build/{fuzz,libvirt}-9.0.0-libfuzzer build/campaigns/own-scenario-min

check 'the target own-scenario builds for libFuzzer' build_scenario libfuzzer clang -fsanitize=fuzzer-no-link -fsanitize=fuzzer
check_exit 'cmin: with libFuzzer' 0 scripts/fuzz cmin own-scenario
check 'keeps what is needed' fewer_than "$total"
check 'once more it keeps the same' bash -c '
    before=$(ls build/campaigns/own-scenario-min) && scripts/fuzz cmin own-scenario && [[ $before == $(ls build/campaigns/own-scenario-min) ]]'
check 'cmin: somebody'\''s folder' refuses 'no minimised corpus' scripts/fuzz cmin --out corpus own-scenario
rm -r "${collected%/*}"

# A campaign whose log is a pipe: who reads it learns when the engine runs, and when the last process that writes to it is
# gone.
interrupt() {
    local engine=$1 campaign=build/campaigns/own-scenario-$1 script reader status=0 line process processes left=0
    mkdir -p "$campaign"
    mkfifo "$campaign/main.log"
    CAMPAIGN_OF=$$ env --default-signal=INT scripts/fuzz run own-scenario --engine "$engine" --jobs 1 --resume &
    script=$!
    exec 3<"$campaign/main.log"
    while read -r line <&3; do
        [[ ! $line =~ INITED|'ready to roll'|cov: ]] || break
    done
    timeout 60 cat <&3 >/dev/null &
    reader=$!
    exec 3<&-
    kill -INT "$script"
    wait "$script" || status=$?
    wait "$reader" || left=1
    mapfile -t processes < <(grep -lz "^CAMPAIGN_OF=$$\$" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3)
    for process in "${processes[@]}"; do
        # One that is about to end is none.
        timeout 10 tail --pid="$process" -f /dev/null && continue
        echo "left behind: $process" && left=1
        kill -KILL "$process"
    done
    ((status == 130)) || { echo "exit status $status" && return 1; }
    return "$left"
}
check 'the target own-scenario builds for AFL++' build_scenario afl afl-clang-fast '' -fsanitize=fuzzer
mkdir -p build/campaigns/own-scenario-min
cp corpus/scenarios/cold-probe.scn build/campaigns/own-scenario-min/5eed
for engine in libfuzzer afl; do
    check_exit "repro: in the flavour $engine" 0 scripts/fuzz repro --flavour "$engine" corpus/scenarios/cold-probe.scn --target own-scenario
    check "run: interrupted, leaves no process of $engine" interrupt "$engine"
    check "run: $engine began with the minimised corpus as well" test -e "build/campaigns/own-scenario-$engine/seeds/5eed"
done

check 'nothing is written outside build' bash -c '
    written=$(find . -newercm "$1/begun" ! -path "./build*" ! -path .; ls "$TMPDIR")
    [[ ! $written ]] || { echo "$written"; exit 1; }' _ "$scratch"

mv corpus/seeds/own-result "$scratch/seeds"
mv corpus/regressions/own-result "$scratch/regressions"
for verb in run cov cmin; do
    check "$verb: a target without a corpus" refuses 'nothing in corpus/seeds/own-result' scripts/fuzz "$verb" own-result
done
mkdir corpus/seeds/own-result
check 'run: an empty corpus' refuses 'nothing in corpus/seeds/own-result' scripts/fuzz run own-result
check_exit 'no campaign has begun' 1 test -e build/campaigns/own-result-afl

done_testing
