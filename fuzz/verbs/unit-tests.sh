# shellcheck shell=bash disable=SC2034,SC2154  # the options come from scripts/fuzz
# libvirt's own unit tests of its QEMU driver, for the verbs that compare with them.

# Builds them, and sets $unit to libvirt's build directory and $unit_tests to their names.
build_unit_tests() {
    unit=$(scripts/build-libvirt unit "${which[@]}")/libvirt
    unit_list=$unit/meson-info/intro-tests.json
    mapfile -t unit_tests < <(jq -r '.[].cmd[0]' "$unit_list" | grep "^$unit/tests/" | while read -r program; do
        [[ ! -x $program ]] || printf '%s\n' "${program##*/}"
    done)
    ((${#unit_tests[@]})) || failed "$unit has no unit tests"
}

# Runs one with its output in LOG; with the libraries in DIRECTORY, where that is given, in place of libvirt's.
run_unit_test() {
    local name=$1 log=$2 directory=${3:-} settings program
    mapfile -t settings < <(jq -r --arg name "$name" '.[] | select(.name == $name) | .env | to_entries[] | "\(.key)=\(.value)"' "$unit_list")
    program=$(jq -r --arg name "$name" '.[] | select(.name == $name) | .cmd[0]' "$unit_list")
    env "${settings[@]}" LD_LIBRARY_PATH="${directory:+$directory:}$unit/src:$unit/tests" \
        nice -n 19 timeout 300 "$program" >"$log" 2>&1 </dev/null
}
