# shellcheck shell=bash
# Runs the scripts of fuzz/oss-fuzz that OSS-Fuzz runs in a container after a build, like OSS-Fuzz: without network, and
# with a look at the sources afterwards. To be sourced after fuzz/verbs/common.sh.

oss_fuzz=fuzz/oss-fuzz

# Runs COMMAND without network: in a namespace with no interface but the loopback, which is down.
without_network() {
    local own=()
    ((EUID == 0)) || own=(--user --map-current-user)
    unshare "${own[@]}" --net "$@"
}

# Prints a digest of what has changed in FOLDER, according to git if it is a repository.
state_of() {
    if [[ -e $1/.git ]]; then
        git -C "$1" diff
    else
        find "$1/" -type f -printf '%P %s %T@\n' | sort
    fi | sha1sum
}

# Prints a digest of all sources that a script sees if $SRC is SRC.
state_of_sources() {
    local folder
    for folder in "$1"/* build/source/*-libvirt; do
        [[ ! -d $folder ]] || state_of "$folder"
    done
}

# Runs SCRIPT as in a container whose $SRC, $WORK and $OUT are given; prints two lines of verdict.
check_script() {
    local name=$1 src=$2 work=$3 out=$4 before status=0 log=$3/$1.log
    before=$(state_of_sources "$src")
    SRC=$src WORK=$work OUT=$out without_network bash -eu "$oss_fuzz/$name" >"$log" 2>&1 </dev/null || status=$?
    verdict 'without network' $((status == 0)) "$( ((status)) && printf 'status %d: ' "$status"; tail -n 1 "$log")"
    verdict 'sources as before' "$([[ $before == "$(state_of_sources "$src")" ]] && echo 1 || echo 0)" 'git diff, or names, sizes and times of files'
}

# Checks both scripts with the libvirt chosen by --src, in folders of their own.
check_scripts() {
    local scratch=$1 src=$1/src work=build/oss-fuzz
    mkdir -p "$src" "$work" "$scratch/out"
    ln -sfn "$PWD" "$src/capprobe"
    [[ ! ${option[src]-} ]] || ln -sfn "$(realpath "${option[src]}")" "$src/libvirt"
    # What OSS-Fuzz sets for libFuzzer with AddressSanitizer.
    # shellcheck disable=SC2031  # only here
    local -x CC=clang CXX=clang++ SANITIZER=address FUZZING_ENGINE=libfuzzer LIB_FUZZING_ENGINE=-fsanitize=fuzzer
    local -x CFLAGS='-O1 -gline-tables-only -fsanitize=address -fsanitize=fuzzer-no-link' CXXFLAGS=
    CXXFLAGS=$CFLAGS
    check_script replay_build.sh "$src" "$(realpath "$work")" "$scratch/out"
    check_script run_tests.sh "$src" "$(realpath "$work")" "$scratch/out"
}
