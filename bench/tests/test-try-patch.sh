#!/usr/bin/env bash
# scripts/try-patch, with stand-ins for libvirt's build and capprobe. SOURCE names the source folder.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

mkdir -p scripts corpus/bugs/{scenario,input} source
cp "$SOURCE"/scripts/{try-patch,bugs.sh} scripts
cat >scripts/common.sh <<'END'
say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 125; }
packages_need() { :; }
END
echo 'source_of() { echo "$PWD/$1-$2"; }' >scripts/source-packages.sh
printf '%s\n' --- 'id: scenario' 'shows: scenario repro.scn' --- '# It lies' >corpus/bugs/scenario/about.md
printf '%s\n' --- 'id: input' 'shows: target caps-load input.xml' --- '# It dies' >corpus/bugs/input/about.md
printf '%s\n' 'shows' >source/driver.c
echo build >source/meson.build
cp -r source bookworm-libvirt

# It compiles, as ninja does, only what is newer than what it has made of it.
cat >scripts/build-libvirt <<'END'
#!/usr/bin/env bash
[[ "$1 $2 $4" == "embedded --src --to" ]] || exit 254
! grep -q 'does not build' "$3/driver.c" || exit 255
mkdir -p "$5/libvirt/src"
[[ ! $3/driver.c -nt $5/libvirt/src/driver ]] || cp "$3/driver.c" "$5/libvirt/src/driver"
echo "$5"
END
cat >scripts/fuzz <<'END'
#!/usr/bin/env bash
[[ "$1 $2 $4" == "build --src --to" ]] || exit 254
mkdir -p "$5"
cp "$3/driver.c" "$5/driver"
echo "$5"
END
cat >capprobe <<'END'
#!/usr/bin/env bash
printf '%s\n' "$*" >>calls
if [[ $1 == ab ]]; then
    echo 'A against B' && exit 1
fi
[[ "$1 $3 ${*: -2}" =~ ^repro\ --(libvirt|fuzz)\ --format\ json$ ]] || exit 254
case $(<"$4/driver") in
shows) outcome=reproduced hits=3 runs=3 ;;
odd) outcome=untestable hits=0 runs=10 ;;
*) outcome='not reproduced' hits=0 runs=10 ;;
esac
jq -n --arg outcome "$outcome" --argjson hits $hits --argjson runs $runs '{bugs: [{$outcome, $hits, $runs}]}'
exit 1
END
chmod +x scripts/{build-libvirt,fuzz} capprobe
export CAPPROBE=./capprobe

# make_patch NAME TEXT: replaces what the driver does.
make_patch() {
    printf '%s\n' '--- a/driver.c' '+++ b/driver.c' '@@ -1 +1 @@' -shows "+$2" >"$1.patch"
}
make_patch fix right
printf '%s\n' '--- a/meson.build' '+++ b/meson.build' '@@ -1 +1 @@' -build +other >other.patch
make_patch odd odd
make_patch broken 'does not build'
printf '%s\n' '--- a/driver.c' '+++ b/driver.c' '@@ -1 +1 @@' -no +yes >unfit.patch

# STATUS TEXT ARGUMENT...: TEXT is in what is printed.
tries() {
    local wanted=$1 text=$2 status=0
    shift 2
    scripts/try-patch "$@" >said 2>&1 || status=$?
    cat said
    ((status == wanted)) || { echo "exit status $status, expected $wanted" && return 1; }
    grep -F -- "$text" said >/dev/null || { echo "expected: $text" && return 1; }
}

check 'a patch that fixes it' tries 0 'the patch fixes scenario' scenario fix.patch --src source
check 'how often it shows without' grep -x 'without the patch: reproduced 3/3' said
check 'and with the patch' grep -x 'with the patch:    not reproduced 0/10' said
check 'the source is as it was' grep -x shows source/driver.c
check 'the patch before is forgotten' tries 1 'the patch does not fix scenario' scenario other.patch --src source
check 'a patch after which it cannot be tested' tries 125 'nothing can be said' scenario odd.patch --src source
check 'a patch that does not build' tries 125 'does not build with the patch' scenario broken.patch --src source
check 'a patch that does not fit' tries 125 'the patch cannot be applied' scenario unfit.patch --src source
check 'the source of a release' tries 0 'the patch fixes scenario' scenario fix.patch --release 9.0.0
check 'a defect of a fuzz target' tries 0 'the patch fixes input' input fix.patch --src source
check 'options of repro' tries 0 'the patch fixes scenario' scenario fix.patch --src source --cost -- --rounds 2 --kvm absent --emulator /q
check 'both trials have them' test "$(grep -c '^repro .* --rounds 2 --kvm absent --emulator /q --format json$' calls)" = 2
check 'the speed is compared' grep -x 'A against B' said
patched=$PWD/build/patched
check 'of these two, with the same emulator and KVM' grep -xF -- "ab --a libvirt=$patched/libvirt-without/libvirt/src,emulator=/q,name=without --b libvirt=$patched/libvirt-with/libvirt/src,emulator=/q,name=with --suite quick --kvm absent" calls
check 'what the comparison ends with is said' grep -x 'the comparison ended with status 1' said
check 'also for a defect of a fuzz target' tries 0 'A against B' input fix.patch --src source --cost
check 'whose speed is that of another build' grep -F "/build/patched/embedded-with/" calls
echo right >source/driver.c

printf '%s\n' '--- a/driver.c' '+++ b/driver.c' '@@ -1 +1 @@' -right +better >better.patch
check 'it must show without the patch' tries 125 'nothing can be said' scenario better.patch --src source

check_exit '--help' 0 scripts/try-patch --help
check 'an unknown defect' refuses "'none' is not a known defect" scripts/try-patch none fix.patch
check 'no patch' refuses "the patch '' cannot be read" scripts/try-patch scenario
check 'a folder' refuses "the patch '.' cannot be read" scripts/try-patch scenario .
check 'an unknown release' refuses '--release 1.0: expected 9.0.0 or 11.3.0' scripts/try-patch scenario fix.patch --release 1.0
check 'an unknown option' refuses "unknown option '--none'" scripts/try-patch --none

done_testing
