#!/usr/bin/env bash
# Adding a fuzz target takes one file and one line: its build, tests, package and coverage follow from these. Adds two toy
# targets to a copy of the tree, the way CONTRIBUTING.md describes it. BUILT names the folder of the programs of the
# flavour asan, beside the libvirt that they were built from.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/../../bench/tests/tap.sh"
cd "${0%/*}/../.." || exit 99

tree=$scratch/tree
built_libvirt=${BUILT%/*}/libvirt-${BUILT##*/fuzz-}
mkdir -p "$tree/build" "$scratch/tmp"
cp -r bench corpus fuzz scripts "$tree"
export TMPDIR=$scratch/tmp
cd "$tree" || exit 99

# Configures a flavour, with the libvirt that is built already and with FLAGS in addition to those of asan, and builds
# TARGET... with ninja.
build() {
    local flavour=$1 flags=$2 libvirt=build/libvirt-9.0.0-$1 programs=build/fuzz-9.0.0-$1 compiler
    shift 2
    mkdir "$libvirt"
    touch "$libvirt/complete"
    sed -E "s/^flavour=.*/flavour=$flavour/; s/^(Cflags|Libs): /&$flags /" "$built_libvirt/libvirt-internal.pc" >"$libvirt/libvirt-internal.pc"
    compiler=$(sed -n 's/^compiler=//p' "$libvirt/libvirt-internal.pc")
    PKG_CONFIG_PATH=$PWD/$libvirt CC=$compiler meson setup "$programs" fuzz && ninja -C "$programs" "$@" && touch "$programs.built"
}

# Adds the row of a target to the table of targets.
add_line() {
    sed -i "/^targets = {\$/a\\  $1," fuzz/targets/meson.build
}

# --- the recipe ---

cat >fuzz/targets/caps-toy.c <<'END'
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* caps-toy: no document makes the loader crash or leak. */

#include <config.h>

#include "world/caps.h"
#include "world/fake-host.h"
#include "driver/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CpCapsVerdict verdict;

    cp_fake_host_init();
    virObjectUnref(
        cp_caps_load((const char *)data, size, NULL, CP_FAKE_HOST_ARCH, CP_CAPS_ANY_WRITER, &verdict));
    return 0;
}
END
add_line "'caps-toy': []"

cat >fuzz/targets/own-toy.c <<'END'
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* own-toy: no text makes the parser of scenarios crash or leak. */

#include "scenario/scenario.h"

#include "checks/own-format.h"
#include "driver/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpScenario) scenario = cp_scenario_parse(CP_OWN_FORMAT_FILE, (const char *)data, size, &error);

    if (!scenario)
        cp_own_format_refused(error, (const char *)data, size);
    return 0;
}
END
add_line "'own-toy': ['scenario/operation-table.def']"

mkdir -p corpus/{seeds,regressions}/{caps,own}-toy
cp corpus/seeds/caps-load/minimal.xml corpus/seeds/caps-toy/x.xml
echo '<qemuCaps>' >corpus/regressions/caps-toy/y.xml
cp corpus/scenarios/cold-probe.scn corpus/seeds/own-toy/x.scn
echo 'read {' >corpus/regressions/own-toy/y.scn

# --- what follows from it ---

programs=build/fuzz-9.0.0-asan
toy_tests=('caps-toy / seeds/x.xml' 'caps-toy / regressions/y.xml' 'own-toy / seeds/x.scn' 'own-toy / regressions/y.scn')

lists_tests() {
    local test list
    list=$(meson test -C "$programs" --no-rebuild --list) || return
    for test in "${toy_tests[@]}"; do
        grep -qxF "capprobe-fuzz:$test" <<<"$list" || { printf 'not listed: %s\n' "$test" && return 1; }
    done
}

# The tests of both targets, and no others, pass.
tests_pass() {
    meson test -C "$programs" --no-rebuild --suite caps-toy --suite own-toy &&
        [[ $(jq -r .result "$programs/meson-logs/testlog.json" | sort | uniq -c | xargs) == "${#toy_tests[@]} OK" ]]
}

# The package of TARGET is complete. Its seeds include x.EXTENSION and y.EXTENSION, its dictionary WORD.
is_packed() {
    local name=$1 extension=$2 word=$3 file seeds
    [[ -x out/$name ]] || { echo 'no program' && return 1; }
    seeds=$(unzip -Z1 "out/${name}_seed_corpus.zip") || return
    for file in "x.$extension" "y.$extension"; do
        grep -qxF "$file" <<<"$seeds" || { printf 'no %s in the seed corpus\n' "$file" && return 1; }
    done
    grep -qF -- "$word" "out/$name.dict" || { printf 'no %s in the dictionary\n' "$word" && return 1; }
    grep -qx "dict = $name.dict" "out/$name.options"
}

check 'help names the new targets' bash -c 'scripts/fuzz --help | grep "Targets:" | grep -w caps-toy | grep -w own-toy'
check 'they build' build asan '' targets/{caps,own}-toy targets/own-toy.dict vocabulary/caps.dict
check 'their seeds and regressions are tests' lists_tests
check 'which pass' tests_pass
check_exit 'repro finds the target of a seed' 0 scripts/fuzz repro corpus/seeds/caps-toy/x.xml
check_exit 'and of a regression' 0 scripts/fuzz repro corpus/regressions/own-toy/y.scn
check_exit 'build --out packs them' 0 scripts/fuzz build --out out
check 'caps-toy is packed' is_packed caps-toy xml '<machine'
check 'own-toy is packed' is_packed own-toy scn rename-dir
check 'own-toy builds for coverage' build coverage '-fprofile-instr-generate -fcoverage-mapping' targets/own-toy
check_exit 'cov shows what own-toy reaches' 0 bash -c 'scripts/fuzz cov own-toy | tee /dev/stderr | grep -E "scenario.c +[0-9]+ lines, +[0-9]+ not reached"'
check 'as a page' test -s build/coverage/own-toy/html/index.html

done_testing
