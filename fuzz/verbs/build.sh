# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# verb: build | build libvirt and the targets (--flavour, asan if nothing is said)

# shellcheck source=fuzz/verbs/pack.sh
. fuzz/verbs/pack.sh

verb_build() {
    no_operand "$@"
    : "${flavour:=asan}"
    build_flavour "$flavour"
    [[ ! $out ]] || pack "$out"
    printf '%s\n' "${out:-$programs}"
}
