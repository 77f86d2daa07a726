# shellcheck shell=bash
# Packs the targets in the form that OSS-Fuzz expects. To be sourced after fuzz/verbs/common.sh.
# shellcheck disable=SC2154  # which sets what is used here

# Libraries that every machine with a C runtime has.
libc='(libc|libm|libdl|libpthread|librt|libutil|libgcc_s|libresolv)\.so'

# Writes an input for caps-firmware with the firmware descriptors below FOLDER..., to standard output.
gather_descriptors() {
    local file name
    find "$@" -path '*/qemu/firmware/*' -type f | sort | while IFS= read -r file; do
        name=${file##*/}
        case $file in
        */etc/*) name=etc/$name ;;
        */.config/*) name=home/$name ;;
        *) name=usr/$name ;;
        esac
        printf '{"descriptor":"%s"}\n' "$name"
        # What is not JSON, such as an empty file, is kept as it is.
        jq -c . "$file" 2>/dev/null || cat "$file"
    done
}

# Prints the paths of inputs for TARGET made from the data of libvirt's own tests. For caps-probe these are recorded
# replies of emulators, far too long: shortened copies are written to DIRECTORY. For caps-firmware they are the descriptors,
# and those of this machine.
inputs_from_libvirts_tests() {
    local target=$1 directory=$2 data replies short folder
    if [[ $target == caps-firmware ]]; then
        mkdir -p "$directory"
        for folder in "$(source_of_libvirt)/tests/qemufirmwaredata" /usr/share; do
            short=$directory/descriptors-of-${folder##*/}.jsonl
            gather_descriptors "$folder" >"$short"
            [[ ! -s $short ]] || printf '%s\n' "$short"
        done
        return
    fi
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

# Fills DIRECTORY with what OSS-Fuzz expects: for each target T the program, T_seed_corpus.zip, T.dict and T.options, and
# in lib/ the libraries that its runners lack.
pack() {
    local directory=$1 name library folders
    packages_need fuzz_pack
    mkdir -p "$directory/lib"
    for name in "${targets[@]}"; do
        if [[ ! -e $programs/targets/$name ]]; then
            say "skipping $name: it was not built with this libvirt or sanitizer"
            continue
        fi
        cp "$programs/targets/$name" "$directory/"
        cp "$(dictionary_of "$name")" "$directory/$name.dict"
        printf '%s\n' '[libfuzzer]' "dict = $name.dict" "max_len = $(largest_size "$name")" 'timeout = 25' 'rss_limit_mb = 2048' \
            >"$directory/$name.options"
        rm -f "$directory/${name}_seed_corpus.zip"
        mapfile -t folders < <(corpus_folders "$name")
        {
            find "${folders[@]}" -type f ! -empty
            inputs_from_libvirts_tests "$name" "$programs/made-inputs"
        } | zip -q -j -X -@ "$directory/${name}_seed_corpus.zip"
        while read -r library; do
            cp -L "$library" "$directory/lib/"
        done < <(ldd "$programs/targets/$name" | awk '$3 ~ /^\// { print $3 }' |
            grep -vE "/$libc")
    done
}
