#!/usr/bin/env bash
# What 'meson install' installs can be moved, is complete, and holds no path of the source tree.
# BUILD names the build folder, SOURCE the source folder.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

contains() {
    local text=$1
    shift
    { "$@" 2>&1 || true; } | grep -F -- "$text"
}

check 'meson install' meson install -C "$BUILD" --no-rebuild --destdir "$scratch/destination"
program=$(find destination -path '*/bin/capprobe')
prefix=${program%/bin/capprobe}
mv "${prefix:-missing}" moved
rm -rf destination
program=$scratch/moved/bin/capprobe

check 'help is printed' contains --suite "$program" bench --suite quick --help
check 'ops are listed' contains 'touch-emulator' "$program" ops
check 'the standard suite is found' contains 'no such emulator' "$program" bench --suite standard --emulator "$scratch/missing"
check 'the catalogue of defects is found' contains 'no such emulator' "$program" bench --suite all --emulator "$scratch/missing"
mv moved/share/capprobe hidden
check 'a missing corpus is named' contains "$scratch/moved/share/capprobe" "$program" bench --suite standard
mv hidden moved/share/capprobe
mv moved/share/capprobe/scenarios/cold-probe.scn hidden
check 'a missing scenario of a suite is named' contains cold-probe.scn "$program" bench --suite quick
mv hidden moved/share/capprobe/scenarios/cold-probe.scn

client=$(find moved -name capprobe-client)
check 'the client is installed' test -x "$client"
mv "${client:-missing}" client
check 'a missing client is named' contains "$scratch/$client" "$program" doctor --emulator /bin/true
mv client "$client"

same_reproducers() {
    diff <(cd "$SOURCE/corpus/bugs" && ls -d -- */repro.scn) <(cd moved/share/capprobe/bugs && ls -d -- */repro.scn)
}
check 'every reproducer is installed' same_reproducers
same_pages() {
    diff <(cd "$SOURCE/corpus/bugs" && ls -d -- */about.md) <(cd moved/share/capprobe/bugs && ls -d -- */about.md)
}
check 'every known defect has its page' same_pages
check 'known defects are listed' contains "$(sed -n 's/^# //p' "$SOURCE/corpus/bugs/cpudata-empty/about.md")" "$program" repro
check 'the scenarios are installed' diff -r "$SOURCE/corpus/scenarios" moved/share/capprobe/scenarios
check 'no input of a fuzz target is installed' test -z "$(find moved -type f -name 'input*' -o -name seeds -o -name regressions)"
check 'the data takes less than 1,000 kB' bash -c '(($(du -sk --apparent-size moved/share | cut -f 1) < 1000))'

check 'systemd can find the units' bash -c 'for kind in service timer path; do test -s "moved/lib/systemd/system/capprobe-check.$kind" || exit 1; done'
check 'what package managers call can be executed' test -x moved/libexec/capprobe/check-after-change
check 'the triggers are installed' test -s moved/share/capprobe/packaging/deb/capprobe.triggers -a -s moved/share/capprobe/packaging/rpm/capprobe-triggers.inc

# Debug information names the source folder, if the build is inside it.
strip -o stripped "$program"
if [[ $(find "$BUILD/bench" -name '*.gcno' -print -quit) ]]; then
    skip 'the program holds no path of the source tree' 'a build for coverage names the folder of its counts'
else
    check 'the program holds no path of the source tree' bash -c '! grep -qF "$SOURCE/" stripped'
fi

done_testing
