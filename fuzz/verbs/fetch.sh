# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: fetch | get the packages and the sources for a build: it then needs no network

verb_fetch() {
    no_operand "$@"
    packages_need fuzz fuzz_pack
    scripts/build-libvirt "${flavour:-environment}" --fetch "${which[@]}"
}
