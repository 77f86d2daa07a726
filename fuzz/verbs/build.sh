# shellcheck shell=bash
# verb: build
# about: build libvirt and the fuzz targets
# help: Prints the folder with the targets.
# shared: --flavour --release --src --to
# option: --out DIR | also put into DIR what OSS-Fuzz needs: see fuzz/oss-fuzz
# example: scripts/fuzz build
# example: scripts/fuzz build --flavour libfuzzer --src ~/libvirt

# shellcheck source=fuzz/verbs/common.sh
. fuzz/verbs/common.sh
# shellcheck source=fuzz/verbs/pack.sh
. fuzz/verbs/pack.sh

verb_build() {
    build_flavour "${option[flavour]-asan}"
    [[ ! ${option[out]-} ]] || pack "${option[out]}"
    printf '%s\n' "${option[out]-$programs}"
}
