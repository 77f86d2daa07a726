# shellcheck shell=bash disable=SC2034,SC2154  # $programs and $libvirt come from build_flavour
# The targets as OSS-Fuzz wants them. To be sourced.

# The libraries that are wherever a C program runs.
libc='(libc|libm|libdl|libpthread|librt|libutil|libgcc_s|libresolv)\.so'

# Prints the files that libvirt's own tests have for TARGET. Its replies are conversations but for the blanks, and far too
# long: they are cut short in DIRECTORY.
libvirts_own() {
    local target=$1 directory=$2 data replies short
    data=$(source_of_libvirt)/tests/qemucapabilitiesdata
    if [[ $target != caps-probe ]]; then
        ! is_libvirts "$target" || find "$data" -name 'caps*.xml'
        return
    fi
    mkdir -p "$directory"
    for replies in "$data"/*.replies; do
        short=${replies##*/}
        short=$directory/${short%.replies}.jsonl
        jq -cn --slurpfile words "$programs/vocabulary/caps-probe.dict" -f fuzz/seeds/shorten-conversation.jq "$replies" >"$short"
        printf '%s\n' "$short"
    done
}

# Puts into DIRECTORY what OSS-Fuzz wants: for every target T the program, T_seed_corpus.zip, T.dict and T.options, and
# the libraries that its runners lack.
pack() {
    local directory=$1 name library folders
    packages_need fuzz_pack
    mkdir -p "$directory/lib"
    for name in "${targets[@]}"; do
        if [[ ! -e $programs/targets/$name ]]; then
            say "$name is left out: fuzz/meson.build says why"
            continue
        fi
        cp "$programs/targets/$name" "$directory/"
        cp "$(dictionary_of "$name")" "$directory/$name.dict"
        printf '%s\n' '[libfuzzer]' "dict = $name.dict" "max_len = $(largest_size "$name")" 'timeout = 25' 'rss_limit_mb = 2048' \
            >"$directory/$name.options"
        rm -f "$directory/${name}_seed_corpus.zip"
        mapfile -t folders < <(folders_of "$name")
        {
            find "${folders[@]}" -type f ! -empty
            libvirts_own "$name" "$programs/conversations"
        } | zip -q -j -X -@ "$directory/${name}_seed_corpus.zip"
        while read -r library; do
            cp -L "$library" "$directory/lib/"
        done < <(ldd "$programs/targets/$name" | awk '$3 ~ /^\// { print $3 }' |
            grep -vE "/$libc")
    done
}
