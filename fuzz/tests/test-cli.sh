#!/usr/bin/env bash
# Tests scripts/fuzz as a user meets it: usage errors are one line, help is complete, an interruption leaves nothing
# behind. The tests run in a copy of the tree that shares the built programs; BUILT is their folder in the flavour asan.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "${0%/*}/../.." || exit 99

tree=$scratch/tree
mkdir -p "$tree/build" "$scratch/tmp"
cp -r bench corpus fuzz scripts "$tree"
export TMPDIR=$scratch/tmp

# Makes the programs in BUILT, and their libvirt, those of the copied tree.
share() {
    local libvirt=build/libvirt-9.0.0-asan programs=build/fuzz-9.0.0-asan own
    own=${BUILT%/*}/libvirt-${BUILT##*/fuzz-}
    mkdir "$libvirt"
    cp "$own"/{complete,libvirt-internal.pc} "$libvirt/"
    ln -s "$BUILT" "$programs"
    touch "$programs.built"
}

# Builds the target own-scenario, which contains nothing of libvirt, in FLAVOUR with COMPILER, FLAGS and ENGINE. The
# libvirt is the existing one.
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
check 'each command describes itself' bash -c '
    for verb in $(grep -l "^# verb:" fuzz/verbs/*.sh); do
        verb=${verb##*/} verb=${verb%.sh}
        help=$(scripts/fuzz "$verb" --help) || exit
        for line in "Usage: scripts/fuzz $verb" Options: Examples: "  scripts/fuzz $verb"; do
            grep -qF -- "$line" <<<"$help" || { echo "$verb --help lacks: $line"; exit 1; }
        done
    done'
check 'each option that a command reads is declared' bash -c '
    for file in $(grep -l "^# verb:" fuzz/verbs/*.sh); do
        verb=${file##*/}
        for name in $(grep -oE "option\[[a-z]+\]" "$file" | grep -oE "\[[a-z]+" | tr -d "["); do
            scripts/fuzz "${verb%.sh}" --help | grep -q -- "^  --$name " || { echo "$file: $name"; exit 1; }
        done
    done'
check 'no verb' refuses 'no command given' scripts/fuzz
check 'an unknown verb' refuses "unknown command 'prove'" scripts/fuzz prove
check 'an option before the verb' refuses 'must come before its options' scripts/fuzz --flavour asan test
check 'an unknown option' refuses 'test does not take the option --fast' scripts/fuzz test --fast
check 'an option without its value' refuses '--time needs a value' scripts/fuzz run --time
check 'an option of another verb' refuses 'status does not take the option --gdb; see scripts/fuzz status --help' scripts/fuzz status --gdb
check 'an option of another verb, with a value' refuses 'repro does not take the option --jobs' scripts/fuzz repro --jobs 1 cpudata-empty
check 'a source tree that is not there' refuses 'missing does not exist' scripts/fuzz test --src missing
check 'an unknown release' refuses "unknown release '1.0'" scripts/fuzz test --release 1.0
check 'an unknown flavour' refuses "unknown flavour 'sweet'" scripts/fuzz build --flavour sweet
check 'a flavour with nothing to fuzz' refuses 'no fuzz targets' scripts/fuzz repro --flavour daemons cpudata-empty
check 'build: an operand' refuses 'takes no operands' scripts/fuzz build caps-load
check 'test: an engine' refuses 'cannot: use replay' scripts/fuzz test --flavour libfuzzer
check 'check-build: a flavour without an engine' refuses asan scripts/fuzz check-build --flavour asan

for verb in run cov cmin; do
    check "$verb: no target" refuses 'takes one TARGET' scripts/fuzz "$verb"
    check "$verb: an unknown target" refuses "unknown target 'caps'" scripts/fuzz "$verb" caps
    check "$verb: a flavour" refuses 'does not take the option --flavour' scripts/fuzz "$verb" --flavour replay caps-load
done
check 'run: an unknown engine' refuses "unknown engine 'steam'" scripts/fuzz run --engine steam caps-load
check 'run: no processes' refuses '--jobs needs' scripts/fuzz run --jobs 0 caps-load
check 'run: not a duration' refuses "'soon' is not a duration" scripts/fuzz run --time soon caps-load
check 'run: a duration without a unit' refuses "'30' is not a duration: a number with a unit is needed, such as 90s" scripts/fuzz run --time 30 caps-load
check 'triage: a duration without a unit' refuses "'30' is not a duration" scripts/fuzz triage --time 30
check 'status: an unknown target' refuses "unknown target 'caps'" scripts/fuzz status caps
check_exit 'status without a campaign' 0 scripts/fuzz status

# STATUS TEXT... -- COMMAND...: checks that the command prints all texts and exits with STATUS.
prints() {
    local status=$1 output actual=0 text texts=()
    shift
    while [[ $1 != -- ]]; do
        texts+=("$1")
        shift
    done
    shift
    output=$("$@" 2>&1) || actual=$?
    printf '%s\n' "$output"
    ((actual == status)) || { printf 'exit status %d, expected %d\n' "$actual" "$status" && return 1; }
    for text in "${texts[@]}"; do
        [[ $output == *"$text"* ]] || { printf 'expected: %s\n' "$text" && return 1; }
    done
}

# Writes what AFL++ and libFuzzer leave of a campaign.
campaigns() {
    local afl=build/campaigns/caps-load-afl/sync/main libfuzzer=build/campaigns/caps-load-libfuzzer
    mkdir -p "$afl" "$libfuzzer/crashes"
    printf '%-18s: %s\n' run_time 90 execs_done 9000 corpus_count 12 edges_found 345 stability '99.50%' >"$afl/fuzzer_stats"
    printf '%s\n' 'INFO: -fork=1: fuzzing in separate process(s)' \
        '#1234: cov: 56 ft: 78 corp: 9 exec/s: 17 oom/timeout/crash: 0/0/1 time: 75s job: 3 dft_time: 0' >"$libfuzzer/main.log"
    echo input >"$libfuzzer/crashes/crash-1"
}
campaigns
check 'status names each figure, the folder of the crashes and the next command' prints 0 \
    'caps-load-afl: time 1m30s, instances 1, executions 9000 (100/s), corpus 12 inputs, edges 345, stability 99.5 %, crashes and hangs 0' \
    'caps-load-libfuzzer: time 1m15s, executions 1234 (17/s), corpus 9 inputs, edges 56, crashes and hangs 1' \
    '  found in build/campaigns/caps-load-libfuzzer/crashes; next: scripts/fuzz triage caps-load' -- scripts/fuzz status caps-load
rm -r build/campaigns

check 'repro: nothing' refuses 'takes one FILE|NAME' scripts/fuzz repro
check 'repro: a file that is not there' refuses 'neither a file nor the name' scripts/fuzz repro missing.xml
check 'repro: a folder' refuses 'neither a file nor the name' scripts/fuzz repro corpus
check 'repro: a file of no target' refuses 'name it with --target' scripts/fuzz repro scripts/fuzz
check 'repro: an unknown target' refuses "unknown target 'caps'" scripts/fuzz repro --target caps scripts/fuzz
check_exit 'repro: what goes well' 0 scripts/fuzz repro corpus/seeds/caps-load/minimal.xml
check_exit 'repro: a known defect, by its name' 1 scripts/fuzz repro cpudata-empty
check 'repro: a known defect shows what differs' bash -c '
    scripts/fuzz repro attribute-whitespace | grep -x -- "-formatted: .* name=.isa\\\\tpc. .*"'
check_exit 'repro: one that ends the process' 1 scripts/fuzz repro cpudata-copy-null
check 'repro: a sanitizer prints the stack' bash -c '
    scripts/fuzz repro cpudata-copy-null 2>&1 | grep "in virCPUx86DataCopyNew .*cpu_x86\.c:[0-9]"'
check 'repro: gdb stops where it ends' bash -c '
    printf "run\nbt\n" | scripts/fuzz repro --gdb cpudata-copy-null | grep "in virCPUx86DataCopyNew"'

check 'triage: a file that is not there' refuses 'neither a target nor a file' scripts/fuzz triage missing.xml
check 'triage: a file of no target' refuses 'name it with --target' scripts/fuzz triage scripts/fuzz
check 'triage: another flavour' refuses 'does not take the option --flavour' scripts/fuzz triage --flavour replay
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

# Puts in the place of libFuzzer's merge one that keeps a single input.
forgetful() {
    local merge=build/fuzz-9.0.0-libfuzzer
    mkdir -p "$merge/targets" build/libvirt-9.0.0-libfuzzer
    touch build/libvirt-9.0.0-libfuzzer/complete
    printf '%s\n' '#!/bin/bash' 'cp "$(find "${@: -1}" -type f | sort | head -n 1)" "${@: -2:1}"' >"$merge/targets/own-scenario"
    chmod +x "$merge/targets/own-scenario"
    touch "$merge/build.ninja" "$merge.built"
}

# Checks that the folder of cmin has fewer files than COUNT.
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
check 'cmin: somebody'\''s folder' refuses 'not a minimised corpus' scripts/fuzz cmin --out corpus own-scenario
rm -r "${collected%/*}"

# Interrupts a campaign whose log is a FIFO: its reader sees when the engine runs, and when the last process that writes to
# it has ended.
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
        # A process that is about to end is fine.
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

# Interrupts COMMAND..., like Ctrl-C does, as soon as it calls PROGRAM, which is replaced by one that does nothing.
interrupt_build() {
    local program=$1 script status=0
    shift
    rm -rf "${scratch:?}/bin"
    mkdir "$scratch/bin"
    mkfifo "$scratch/bin/started"
    printf '%s\n' '#!/bin/bash' "echo >'$scratch/bin/started'" 'exec sleep infinity' >"$scratch/bin/$program"
    [[ $program == meson ]] || printf '%s\n' '#!/bin/bash' >"$scratch/bin/meson"
    chmod +x "$scratch"/bin/*
    PATH=$scratch/bin:$PATH env --default-signal=INT setsid "$@" >"$scratch/interrupted" 2>&1 &
    script=$!
    read -r _ <"$scratch/bin/started"
    kill -INT -- "-$script"
    wait "$script" || status=$?
    cat "$scratch/interrupted"
    ((status == 130)) || { echo "exit status $status" && return 1; }
    [[ $(grep -c 'interrupted; run the same command again' "$scratch/interrupted") == 1 ]] || return 1
    [[ $(tail -n 1 "$scratch/interrupted") == *interrupted* ]]
}

rm -r build/campaigns/own-scenario-libfuzzer build/fuzz-9.0.0-libfuzzer.built
check 'run: interrupted while the targets are built' interrupt_build ninja scripts/fuzz run own-scenario --engine libfuzzer --jobs 1
check_exit 'leaves no campaign' 1 test -e build/campaigns/own-scenario-libfuzzer
touch build/fuzz-9.0.0-libfuzzer.built
mkdir -p build/campaigns/own-scenario-libfuzzer/seeds
touch build/campaigns/own-scenario-libfuzzer/seeds/old
check_exit 'run: starts anew if no engine had started' 0 scripts/fuzz run own-scenario --engine libfuzzer --jobs 1 --time 1s
check_exit 'with new seeds' 1 test -e build/campaigns/own-scenario-libfuzzer/seeds/old
check 'run: a previous campaign' refuses 'continue it with --resume' scripts/fuzz run own-scenario --engine libfuzzer --jobs 1 --time 1s

# A source tree that needs nothing else from the network.
mkdir -p "$scratch/libvirt/src/qemu" build/source/bookworm-libxml2 build/libvirt-src-replay/libxml2
touch "$scratch/libvirt/src/qemu/qemu_capabilities.c" build/source/bookworm-libxml2/.complete
touch build/libvirt-src-replay/libxml2/complete
echo "version: '9.0.0'" >"$scratch/libvirt/meson.build"
for command in 'fuzz build --flavour' build-libvirt; do
    # shellcheck disable=SC2086  # a command with its arguments
    check "${command%% *}: interrupted while libvirt is built" interrupt_build meson scripts/$command replay --src "$scratch/libvirt"
done

# Without a network, apt-get update prints warnings and succeeds.
printf '%s\n' '#!/bin/bash' 'echo "W: Failed to fetch" >&2' >"$scratch/bin/apt-get"
chmod +x "$scratch/bin/apt-get"
for n in 1 2; do
    check "build-libvirt: no network, time $n" prints 125 'check the network and run the same command again' -- \
        env "PATH=$scratch/bin:$PATH" scripts/build-libvirt daemons
done

check 'nothing is written outside build' bash -c '
    written=$(find . -newercm "$1/begun" ! -path "./build*" ! -path .; ls "$TMPDIR")
    [[ ! $written ]] || { echo "$written"; exit 1; }' _ "$scratch"

mv corpus/seeds/own-result "$scratch/seeds"
mv corpus/regressions/own-result "$scratch/regressions"
for verb in run cov cmin; do
    check "$verb: a target without a corpus" refuses 'put at least one into corpus/seeds/own-result' scripts/fuzz "$verb" own-result
done
mkdir corpus/seeds/own-result
check 'run: an empty corpus' refuses 'put at least one into corpus/seeds/own-result' scripts/fuzz run own-result
check_exit 'no campaign has begun' 1 test -e build/campaigns/own-result-afl

done_testing
