# shellcheck shell=bash
# verb: fetch
# about: download packages and sources, so that a later build needs no network
# shared: --release --src --to
# option: --flavour FLAVOUR | flavour that will be built (default: environment); see scripts/build-libvirt --help
# example: scripts/fuzz fetch --flavour asan
# example: scripts/fuzz fetch --src ~/libvirt

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh

verb_fetch() {
    packages_need fuzz fuzz_pack
    trap : INT
    build_libvirt "${option[flavour]-environment}" --fetch
}
