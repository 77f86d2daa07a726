#!/usr/bin/env bash
# capprobe repro: the catalogue, and defects that the input of a fuzz target shows, with stand-ins for the targets.
# test-bugs.sh runs the scenarios.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99
mkdir -p fuzz/targets kept

# TARGET: writes the stand-in for a fuzz target, a shell script.
target() {
    { printf '#!/bin/sh\n' && cat; } >"fuzz/targets/$1"
    chmod +x "fuzz/targets/$1"
}

# repro ARGUMENT...: with the stand-ins; prints on standard output alone.
repro() {
    "$CAPPROBE" repro --fuzz fuzz "$@"
}

# STATUS LINE ARGUMENT...: repro ends with this status, and LINE is one of what it prints.
comes_out() {
    local wanted=$1 line=$2 status=0
    shift 2
    repro "$@" >out || status=$?
    cat out
    ((status == wanted)) || { echo "exit status $status, expected $wanted" && return 1; }
    grep -Fx -- "$line" out >/dev/null || { echo "expected '$line'" && return 1; }
}

check 'every known defect is listed once' bash -c '
    diff <(grep -h "^id: " "$CORPUS"/bugs/*/about.md | cut -c 5- | sort) <("$CAPPROBE" repro --format json | jq -r ".bugs[].id" | sort)'
# TARGET FORECAST: what is known of kvm-permission, which does not show with the daemon of an ordinary user.
forecast() {
    "$CAPPROBE" repro --target "$1" --format json | jq -e --arg wanted "$2" '.bugs[] | select(.id == "kvm-permission").expected == $wanted'
}
check 'a target on which a defect shows' forecast embed seen
check 'a target on which it does not' forecast session 'not affected'
check 'the version of something else is not that of QEMU' bash -c '"$CAPPROBE" repro --emulator true --format json | jq -e ".libvirt != null and .qemu == null"'
check 'shards are disjoint and have all of them' bash -c '
    list() { "$CAPPROBE" repro --format json "$@" | jq -r ".bugs[].id"; }
    diff <(list | sort) <(for i in 1 2 3; do list --shard "$i/3"; done | sort)'

# What it is called with is what `scripts/fuzz repro` calls it with.
target caps-roundtrip <<'END'
case "$*" in
"--runs=1 --show --expect=cpudata-empty "*/corpus/bugs/cpudata-empty/input.xml) echo 'what differs' && echo "$4: cpudata-empty" && exit 0 ;;
"--runs=1 --show --provoke "*/corpus/bugs/cpudata-copy-null/input.xml) echo 'x.c:1: runtime error: null pointer passed as argument 1' >&2 && exit 1 ;;
*) echo "the input: does not show the known defect attribute-whitespace; has libvirt fixed it?" && exit 1 ;;
esac
END
check 'a defect that shows' comes_out 1 'reproduced 3/3' cpudata-empty
check 'what shows it is printed' grep -x 'what differs' out
check 'a crash' comes_out 1 'reproduced 3/3' cpudata-copy-null
check 'its report is printed' grep 'runtime error: null pointer' out
check 'a defect that does not show' comes_out 0 'not reproduced 0/10' attribute-whitespace
check 'not more often than --rounds' comes_out 0 'not reproduced 0/2' attribute-whitespace --rounds 2

printf 'compiler=x\nVersion: 99.1.0\nLibs: y\n' >fuzz/recipe
check 'targets of another libvirt' comes_out 0 'the fuzz targets have the code of libvirt 99.1.0' attribute-whitespace
check 'what is known is of that one' grep -x '  what is known of this libvirt: not tried' out
rm fuzz/recipe

target caps-load <<'END'
echo 'the input: shows the known defect xpath-out-of-memory'
exit 1
END
check 'another defect is not this one' comes_out 125 '  the input shows something else: the input: shows the known defect xpath-out-of-memory' read-error-is-end
check 'another crash is not this one' comes_out 125 'untestable 0/10' xpath-out-of-memory

target caps-probe <<'END'
echo "Running: $4"
END
check 'a target with the engine of a fuzzer' comes_out 125 'untestable 0/10' event-without-data
target caps-probe <<'END'
echo "$4: well"
END
check 'a crash that is gone' comes_out 0 'not reproduced 0/10' event-without-data
cp fuzz/targets/caps-probe fuzz/targets/caps-load
check_exit 'an export of what does not show' 0 repro input-growth-null --export gone --assets
check 'it says so' grep -x 'it does not show' gone/assets/output.txt
target caps-probe <<'END'
exec sleep 1000
END
check 'a target that hangs' comes_out 125 '  /usr/bin/env did not end within 100 ms' event-without-data --deadline 100ms
target caps-probe <<'END'
echo changed 2>/dev/null >"$0"
echo "$4: well"
END
check 'a target cannot change the host' comes_out 0 'not reproduced 0/1' event-without-data --rounds 1
check 'it is as it was' grep -x 'echo "$4: well"' fuzz/targets/caps-probe
target caps-probe <<'END'
exec sleep 1000
END
cp fuzz/targets/caps-probe fuzz/targets/caps-load
export_is_interrupted() {
    "$CAPPROBE" repro --fuzz fuzz input-growth-null --export cut --assets &
    ours=$!
    until [[ -e cut/assets ]]; do sleep 0.02; done
    kill -INT "$ours"
    wait "$ours"
    (($? == 130))
}
check 'an export that is interrupted is not done' export_is_interrupted

check 'a target that is not built' comes_out 125 "  $scratch/fuzz/targets/caps-domcaps does not exist: --fuzz must name a folder that 'scripts/fuzz build' has printed" domcaps-path
check_exit 'targets of a libvirt that was built' 125 "$CAPPROBE" repro domcaps-path --libvirt "$scratch"
check 'it is said how to build them' bash -c '"$CAPPROBE" repro domcaps-path --libvirt . | grep -F "scripts/fuzz build --src DIR"'

check 'only one of these' refuses '--export, --explain and --patch exclude each other' "$CAPPROBE" repro mtime-kept --explain --export none
check 'none of them has formats' refuses '--export, --explain and --patch exclude --format' "$CAPPROBE" repro mtime-kept --export none --format json
check 'nothing is made then' test ! -e none
check 'a fuzz target cannot be explained' refuses 'cpudata-empty has no scenario' "$CAPPROBE" repro cpudata-empty --explain
check 'a patch needs its options' refuses '--cost needs --patch' "$CAPPROBE" repro mtime-kept --cost
check 'a patch is tried on what is built' refuses '--tree: expected none with --patch' "$CAPPROBE" repro mtime-kept --patch a.patch --tree /
mkdir -p source/bench source/corpus source/scripts
cp "$CAPPROBE" source/bench/capprobe && cp -r "$CORPUS/bugs" source/corpus && ln -s ../corpus source/bench/corpus
printf '#!/bin/sh\necho "$CAPPROBE: $*"\n' >source/scripts/try-patch && chmod +x source/scripts/try-patch
try_patch() { source/bench/capprobe repro mtime-kept --patch a.patch --src s "$@" >out; }
check 'the patch is tried as the options say' try_patch --cost --kvm absent --rounds 4 --emulator q --deadline 5s
check 'all of them' grep -xF "$scratch/source/bench/capprobe: mtime-kept $scratch/a.patch --src $scratch/s --cost -- --rounds 4 --emulator q --kvm absent --deadline 5s" out
explain() { "$CAPPROBE" repro mtime-kept --explain --kvm absent --confirm no >out 2>/dev/null; }
check_exit 'a scenario is explained' 1 explain
check 'what libvirt compared is told' grep -Ex ' +module directory, mtime   (20..-..-.. ..:..:..)  \1  same' out
check 'and that there was nothing cached' grep -x ' *there was no cache file' out

check 'what proves it is kept' bash -c '"$CAPPROBE" repro cpudata-empty --fuzz fuzz --keep kept; grep -x "what differs" kept/cpudata-empty.txt'
check 'JUnit is well-formed' bash -c '"$CAPPROBE" repro cpudata-copy-null --fuzz fuzz --format junit | xmllint --xpath "string(//testcase[@name=\"cpudata-copy-null\"]/failure/@message)" - | grep "^reproduced 3/3: "'
check 'JSON has the outcome' bash -c '"$CAPPROBE" repro cpudata-copy-null --fuzz fuzz --format json | jq -e ".schema == \"capprobe.repro/1\" and (.bugs[0] | .outcome == \"reproduced\" and .hits == 3 and .runs == 3 and .shown_by == \"caps-roundtrip\")"'

done_testing
