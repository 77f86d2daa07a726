# shellcheck shell=bash
# shellcheck disable=SC2154  # scripts/controls, which sources this, sets $only and $jobs
# Plants mistakes in the judge, and runs the test on each that compares the judge with a model.

judge_table=bench/controls/judge.tsv
judge_results=build/controls/judge
judge_seed=1
judge_reads=1000000

# Prints FIELD of the row NAME.
judge_field() {
    awk -F '\t' -v name="$1" -v field="$2" '$1 == name { print $field }' "$judge_table"
}

# Compiles test-model with the mistake NAME, or without one, into FOLDER.
build_judge() {
    local name=$1 folder=$2 file flags edited=()
    read -ra flags < <(pkg-config --cflags --libs glib-2.0 json-glib-1.0 libxml-2.0)
    if [[ $name != untouched ]]; then
        file=$(judge_field "$name" 6)
        awk -v id="$name" -f scripts/plant.awk "$judge_table" "bench/judge/$file" >"$folder/$file" || return
        edited=("$folder/$file")
    fi
    # The edited file's functions are found before those of the library.
    "${CC:-cc}" -std=gnu11 -O2 -w -D_GNU_SOURCE -DG_LOG_DOMAIN='"capprobe"' -Ibench -o "$folder/test-model" \
        "${edited[@]}" bench/tests/{test-model,model,model-host,model-libvirt}.c -Wl,--start-group \
        build/bench/lib{judge,history,scenario,base}.a -Wl,--end-group "${flags[@]}" -lm
}

# Runs the test on NAME, and writes its row of the table and whether it is as it should be.
judge_the_judge() {
    local name=$1 folder=$judge_results/$1 effect='nothing was changed' status=0 found well=no
    mkdir -p "$folder"
    build_judge "$name" "$folder" 2>"$folder/log" || {
        printf '| %s | could not be built, see %s |  |\n' "$name" "$folder/log" >"$folder/row"
        return
    }
    "$folder/test-model" "$judge_reads" "$judge_seed" >"$folder/log" 2>&1 || status=$?
    found=$(sed -n 's/^# found after \([0-9]*\) reads.*/\1/p' "$folder/log")
    if [[ $name == untouched ]]; then
        ((status)) && found="disagrees after $found" || found="agrees on $judge_reads" well=yes
    else
        effect=$(judge_field "$name" 7)
        [[ $status == 1 && $found ]] && well=yes || found='not found'
    fi
    printf '| %s | %s | %s |\n' "$name" "$effect" "$found" >"$folder/row"
    [[ $well == no ]] || touch "$folder/well"
}

controls_judge() {
    local names name running=0 well=0
    mapfile -t names < <(printf 'untouched\n' && grep -v '^#' "$judge_table" | cut -f 1)
    [[ ! $only ]] || names=("$only")
    mapfile -t names < <(printf '%s\n' "${names[@]}" | of_shard)
    rm -rf "$judge_results"
    for name in "${names[@]}"; do
        while ((running >= jobs)); do
            wait -n || true
            ((running--)) || true
        done
        judge_the_judge "$name" &
        ((++running))
    done
    wait
    printf '| judge | mistake | found after so many reads |\n|---|---|---|\n'
    for name in "${names[@]}"; do
        cat "$judge_results/$name/row"
        [[ ! -e $judge_results/$name/well ]] || ((++well))
    done
    printf '\njudge: %s of %s as they should be, %s s\n' "$well" "${#names[@]}" "$((SECONDS - started))"
    ((well == ${#names[@]}))
}
