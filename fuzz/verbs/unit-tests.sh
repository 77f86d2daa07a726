# shellcheck shell=bash
# Libvirt's own unit tests of its QEMU driver, for the commands that compare the fuzzers with them. To be sourced after
# fuzz/verbs/common.sh.

# Builds them. Sets $unit to libvirt's build folder, $unit_list to its list of tests and $unit_tests to their names.
build_unit_tests() {
    unit=$(build_libvirt unit)/libvirt
    unit_list=$unit/meson-info/intro-tests.json
    mapfile -t unit_tests < <(jq -r '.[].cmd[0]' "$unit_list" | grep "^$unit/tests/" | while read -r program; do
        [[ ! -x $program ]] || printf '%s\n' "${program##*/}"
    done)
    ((${#unit_tests[@]})) || fail "$unit contains no unit tests"
}

# Runs the test NAME with its output in LOG; libraries in DIRECTORY, if given, take precedence over libvirt's.
run_unit_test() {
    local name=$1 log=$2 directory=${3:-} settings program
    mapfile -t settings < <(jq -r --arg name "$name" '.[] | select(.name == $name) | .env | to_entries[] | "\(.key)=\(.value)"' "$unit_list")
    program=$(jq -r --arg name "$name" '.[] | select(.name == $name) | .cmd[0]' "$unit_list")
    env "${settings[@]}" LD_LIBRARY_PATH="${directory:+$directory:}$unit/src:$unit/tests" \
        nice -n 19 timeout 300 "$program" >"$log" 2>&1 </dev/null
}
