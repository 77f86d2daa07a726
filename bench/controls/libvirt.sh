# shellcheck shell=bash
# shellcheck disable=SC2154  # scripts/controls, which sources this, sets $release, $jobs, $only and $started
# Builds edited libvirts and runs the standard suite on each.

# shellcheck source=scripts/plant.sh
. scripts/plant.sh

controls_table=bench/controls/libvirt.tsv
controls_source=src/qemu/qemu_capabilities.c
driver=src/libvirt_driver_qemu.so
capprobe=${CAPPROBE:-build/bench/capprobe}

# Prints the names of all edited libvirts of a KIND, in the order of the table.
names_of() {
    awk -F '\t' -v kind="$1" '!/^#/ && $6 == kind { print $1 }' "$controls_table"
}

# Prints FIELD of the first row of NAME.
field_of() {
    awk -F '\t' -v name="$1" -v field="$2" '$1 == name { print $field; exit }' "$controls_table"
}

# Builds the libvirt NAME into FOLDER: one file is compiled anew, and the driver linked anew.
build_edited() {
    local name=$1 folder=$2 command others archive=src/qemu/libvirt_driver_qemu_impl.a
    mkdir -p "$folder/src"
    plant_edits "$controls_table" "$name" "$base/source-tree/$controls_source" "$folder/qemu_capabilities.c" || return
    command=$(jq -r --arg file "/$controls_source" 'first(.[] | select(.file | endswith($file))).command' "$tree/compile_commands.json" |
        sed -E 's/ -MD -MQ [^ ]+ -MF [^ ]+//; s/ -o [^ ]+ -c [^ ]+$//')
    (cd "$tree" && eval "nice -n 19 $command -w -o '$folder/edited.o' -c '$folder/qemu_capabilities.c'") || return
    others=$(cd "$tree" && ar t "$archive" | grep -v "/${controls_source##*/}\.o$" | xargs)
    command=$(ninja -C "$tree" -t commands -s "$driver" | sed "s| -o $driver | -o '$folder/$driver' |; s| $archive | '$folder/edited.o' $others |")
    (cd "$tree" && eval "nice -n 19 $command") || return
    # The library itself is the base's.
    cp -lf "$tree"/src/libvirt.so.0.*[0-9] "$folder/src/" 2>/dev/null || cp -f "$tree"/src/libvirt.so.0.*[0-9] "$folder/src/"
    ln -sfn "$(basename "$folder"/src/libvirt.so.0.*)" "$folder/src/libvirt.so.0"
}

# Prints the scenarios of RESULT in which something was wrong.
seen_by() {
    jq -r '[.scenarios[] | select(.reads.stale + .reads.torn + .reads.failed > 0 or
        ([.expectations[]? | numbers] | length > 0) and .expectations.failed > 0) | .name] | join(", ")' "$1"
}

# Runs the standard suite on the libvirt in FOLDER/src. Sets $status, and $seen to the scenarios that saw something.
run_suite() {
    local folder=$1
    status=0
    "$capprobe" bench --rounds 1 --libvirt "$folder/src" --output "$folder/result.json" --seed 1 >"$folder/log" 2>&1 </dev/null || status=$?
    seen=''
    ((status > 1)) || seen=$(seen_by "$folder/result.json")
}

# Runs the reproducer of BUG on the libvirt in FOLDER/src. Prints "shows" if the bug shows in one of three rounds (on a busy
# machine the steps of a round may come too late for it), "gone" if it does not, and "undecided" if nothing can be said.
bug_outcome() {
    local folder=$1 bug=$2 status=0
    "$capprobe" bench --scenario "corpus/bugs/$bug/repro.scn" --rounds 3 --libvirt "$folder/src" --output "$folder/$bug.json" \
        >"$folder/$bug.log" 2>&1 </dev/null || status=$?
    case $status in
    0) echo gone ;;
    1) echo shows ;;
    *) echo undecided ;;
    esac
}

# Prints why the untouched or improved libvirt NAME in FOLDER is not what it should be, or which defects it lacks.
check_bugs() {
    local name=$1 folder=$2 bug fixes outcome wanted
    fixes=$(field_of "$name" 8)
    for bug in $(awk -F '\t' '$6 == "improved" { print $8 }' "$controls_table" | tr ' ' '\n' | sort -u); do
        wanted=shows
        [[ " $fixes " != *" $bug "* ]] || wanted=gone
        outcome=$(bug_outcome "$folder" "$bug")
        [[ $outcome == "$wanted" ]] || { printf 'NO: %s is %s, expected: %s\n' "$bug" "$outcome" "$wanted" && return; }
    done
    printf 'yes: %s\n' "${fixes:+without ${fixes// /, }}"
}

# Makes the row of the table for NAME of a KIND, in FOLDER/row: "KIND, verdict, seconds, row".
judge_one() {
    local kind=$1 name=$2 folder=$results/$2 begin=$SECONDS verdict effect status seen
    effect=$(field_of "$name" 7)
    rm -rf "$folder"
    mkdir -p "$folder"
    if [[ $kind == untouched ]]; then
        effect='nothing was changed'
        mkdir "$folder/src"
        cp -f "$tree/$driver" "$folder/src/"
        cp -f "$tree"/src/libvirt.so.0.*[0-9] "$folder/src/"
        ln -sfn "$(basename "$folder"/src/libvirt.so.0.*)" "$folder/src/libvirt.so.0"
    elif ! build_edited "$name" "$folder" >"$folder/build.log" 2>&1; then
        printf '| %s | %s | NO: it did not build, see %s | %d s |\n' "$name" "$effect" "$folder/build.log" $((SECONDS - begin)) >"$folder/row"
        return
    fi

    run_suite "$folder"
    if ((status > 1)); then
        verdict="NO: capprobe ended with status $status, see $folder/log"
    elif [[ $kind == control ]]; then
        verdict=${seen:+yes: $seen}
        [[ $status == 1 && $seen ]] || verdict='NO: not seen'
    elif ((status)); then
        verdict="NO: ${seen:-status $status}"
    else
        verdict=$(check_bugs "$name" "$folder")
        [[ $verdict != 'yes: ' ]] || verdict+='passes, and has all known defects'
    fi
    printf '| %s | %s | %s | %d s |\n' "$name" "$effect" "$verdict" $((SECONDS - begin)) >"$folder/row"
}

# Prints the table of what has run so far, and what it amounts to. Returns 1 if something is not as it should be.
print_table() {
    local entry kind name missing=0 wrong=0 good=0
    printf '\n| libvirt %s | edit | as it should be | time |\n|---|---|---|---|\n' "$release"
    for entry in "${entries[@]}"; do
        read -r kind name <<<"$entry"
        if [[ ! -s $results/$name/row ]]; then
            ((++missing))
            continue
        fi
        cat "$results/$name/row"
        if grep -q '| yes: ' "$results/$name/row"; then ((++good)); else ((++wrong)); fi
    done
    printf '\nlibvirt %s: %d of %d as they should be' "$release" "$good" ${#entries[@]}
    ((missing == 0)) || printf ', %d not run' "$missing"
    printf '; %d s\n' $((SECONDS - started))
    ((wrong + missing == 0))
}

# Ends what runs, prints what there is, and exits.
interrupted() {
    local group
    trap '' INT TERM
    for group in $(jobs -p); do
        kill -- "-$group" 2>/dev/null || true
    done
    wait || true
    print_table || true
    exit 130
}

# Runs all of them, $jobs at a time.
controls_libvirt() {
    local entry kind name done=0 running=0
    base=$PWD/$(realpath --relative-to=. "$(scripts/build-libvirt embedded --release "$release" | tail -n 1)") || return 125
    tree=$base/libvirt
    ln -sfn "$(<"$base/source")" "$base/source-tree"
    results=$PWD/build/controls/$release
    mkdir -p "$results"

    entries=('untouched untouched')
    for kind in control improved; do
        while read -r name; do
            entries+=("$kind $name")
        done < <(names_of "$kind")
    done
    if [[ $only ]]; then
        mapfile -t entries < <(printf '%s\n' "${entries[@]}" | grep -x -- "[a-z]* $only") || true
        if ((${#entries[@]} == 0)); then
            say "--only $only: expected untouched or a name of $controls_table"
            return 254
        fi
    fi
    mapfile -t entries < <(printf '%s\n' "${entries[@]}" | of_shard)
    for entry in "${entries[@]}"; do
        rm -f "$results/${entry#* }/row"
    done

    trap interrupted INT TERM
    for entry in "${entries[@]}"; do
        while ((running >= jobs)); do
            wait -n || true
            ((running--, ++done)) || true
            say "libvirt $release: $done of ${#entries[@]} done, $((SECONDS - started)) s"
        done
        read -r kind name <<<"$entry"
        # In a process group of its own, so that all of it can be ended.
        set -m
        judge_one "$kind" "$name" &
        set +m
        ((++running))
    done
    while ((running)); do
        wait -n || true
        ((running--, ++done)) || true
        say "libvirt $release: $done of ${#entries[@]} done, $((SECONDS - started)) s"
    done
    print_table
}
