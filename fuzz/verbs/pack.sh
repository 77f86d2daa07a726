# shellcheck shell=bash disable=SC2034,SC2154  # $programs and $libvirt come from build_flavour
# The targets as OSS-Fuzz wants them. To be sourced.

# The libraries that are wherever a C program runs.
libc='(libc|libm|libdl|libpthread|librt|libutil|libgcc_s|libresolv)\.so'

# Puts into DIRECTORY what OSS-Fuzz wants: for every target T the program, T_seed_corpus.zip, T.dict and T.options, and
# the libraries that its runners lack.
pack() {
    local directory=$1 name source library folders
    packages_need fuzz_pack
    source=$(source_of_libvirt)
    mkdir -p "$directory/lib"
    for name in "${targets[@]}"; do
        if [[ ! -e $programs/$name ]]; then
            say "$name is left out: fuzz/meson.build says why"
            continue
        fi
        cp "$programs/$name" "$directory/"
        cp "$(dictionary_of "$name")" "$directory/$name.dict"
        printf '%s\n' '[libfuzzer]' "dict = $name.dict" 'max_len = 65536' 'timeout = 25' 'rss_limit_mb = 2048' \
            >"$directory/$name.options"
        rm -f "$directory/${name}_seed_corpus.zip"
        mapfile -t folders < <(folders_of "$name")
        {
            find "${folders[@]}" -type f ! -empty
            ! is_libvirts "$name" || find "$source/tests/qemucapabilitiesdata" -name 'caps*.xml'
        } | zip -q -j -X -@ "$directory/${name}_seed_corpus.zip"
        while read -r library; do
            cp -L "$library" "$directory/lib/"
        done < <(ldd "$programs/$name" | awk '$3 ~ /^\// { print $3 }' |
            grep -vE "/$libc")
    done
}
