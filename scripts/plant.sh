# shellcheck shell=bash
# Plants the edits of a table in a source. To be sourced, in the top folder of the repository.

# plant_edits TABLE NAME SOURCE FILE: writes SOURCE to FILE with all edits of NAME: each row of TABLE that begins with the
# name is one. scripts/plant.awk explains the rows.
plant_edits() {
    local table=$1 name=$2 source=$3 file=$4 rows row
    mapfile -t rows < <(awk -F '\t' -v name="$name" '$1 == name' "$table")
    ((${#rows[@]})) || {
        printf 'plant: %s: unknown edit\n' "$name" >&2
        return 1
    }
    cp "$source" "$file" || return
    for row in "${rows[@]}"; do
        awk -v id="$name" -f scripts/plant.awk <(printf '%s\n' "$row") "$file" >"$file.edited" || return
        mv "$file.edited" "$file"
    done
}
