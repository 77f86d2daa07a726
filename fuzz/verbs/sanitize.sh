# shellcheck shell=bash
# Plays the inputs that a campaign with AFL++ keeps through programs with sanitizers, because most of its instances have
# none. To be sourced after fuzz/verbs/common.sh.
# shellcheck disable=SC2154  # which sets what is used here

# How long an input may take, in seconds.
sanitize_deadline=25

# Prints the version of AFL++, such as 4.04c.
afl_version() {
    afl-fuzz -h 2>&1 | sed -nE '1 s/.*afl-fuzz\+\+([0-9.]+[a-z]?).*/\1/p'
}

# Whether AFL++ is at least VERSION.
afl_has() {
    ! older "$(afl_version)" "$1"
}

# Whether the output in FILE says that a sanitizer found something or that a property does not hold.
is_finding() {
    grep -qE '^SUMMARY: |^property does not hold: |runtime error: ' "$1"
}

# Plays INPUT... through PROGRAM. Copies those that it does not survive to FOLDER; with several, finds them by bisection.
play_sanitized() {
    local program=$1 folder=$2 output status=0 half
    shift 2
    output=$folder.log
    timeout "$((sanitize_deadline * $#))" nice -n 19 "$program" --runs 1 "$@" >"$output" 2>&1 || status=$?
    # These are of timeout and nice.
    ((status < 125 || status > 127)) || fail "$program cannot be run; the log is $output"
    # Statuses 0 and 1 are those of inputs that are well or show known defects; a sanitizer's is 1, too.
    ((status > 1)) || is_finding "$output" || return 0
    if (($# == 1)); then
        mkdir -p "$folder"
        # Instances number their inputs alike.
        cp "$1" "$folder/$(sha1sum <"$1" | cut -c 1-16)"
        return
    fi
    half=$(($# / 2))
    play_sanitized "$program" "$folder" "${@:1:half}"
    play_sanitized "$program" "$folder" "${@:half+1}"
}

# Plays the inputs that CAMPAIGN has kept since the last time through the programs of $sanitizers, a list of FLAVOUR and
# folder. What they do not survive goes to sanitized/FLAVOUR/crashes in the campaign's folder. Prints how many were played.
sanitize_queue() {
    local campaign=$1 i flavour program place fresh
    for ((i = 0; i < ${#sanitizers[@]}; i += 2)); do
        flavour=${sanitizers[i]} program=${sanitizers[i + 1]}/targets/$target
        [[ -x $program ]] || continue
        place=$campaign/sanitized/$flavour
        mkdir -p "$place"
        touch "$place/played"
        # Instances copy inputs from each other: each content is played once.
        find "$campaign"/sync/*/queue -maxdepth 1 -type f ! -empty -exec sha1sum {} + 2>/dev/null | sort -u -k 1,1 >"$place/kept" || true
        mapfile -t fresh < <(join -v 1 "$place/kept" "$place/played" | cut -d ' ' -f 2-)
        ((!${#fresh[@]})) || play_sanitized "$program" "$place/crashes" "${fresh[@]}"
        cut -d ' ' -f 1 "$place/kept" >"$place/played"
        printf '%s: %d new inputs played\n' "$flavour" "${#fresh[@]}"
    done
}

# Builds the replay programs for $target. Sets $sanitizers. capprobe's own formats are not played under MemorySanitizer,
# for which libvirt's libraries are built from source.
build_sanitizers() {
    local flavour flavours=(asan)
    ! is_libvirts "$target" || flavours+=(msan)
    sanitizers=()
    for flavour in "${flavours[@]}"; do
        build_flavour "$flavour"
        sanitizers+=("$flavour" "$programs")
    done
}
