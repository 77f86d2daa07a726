# shellcheck shell=bash
# Downloads source packages of Debian with apt. To be sourced, in the top folder of the repository.
#
#   source_of SUITE NAME        prints the folder with the source of a package; downloads it the first time
#
# apt works with lists and settings of its own, so that those of the system stay as they are.

packages_folder=$PWD/build/source

# Runs an apt tool on the source packages of SUITE only.
apt_of() {
    local suite=$1 tool=$2
    shift 2
    APT_CONFIG=$packages_folder/apt-$suite/apt.conf "$tool" "$@"
}

# Sets apt up for SUITE.
apt_prepare() {
    local suite=$1 state=$packages_folder/apt-$1 mirror log=$packages_folder/apt-$1.log
    [[ ! -e $state/ready ]] || return 0
    command -v apt-get >/dev/null || die "apt-get, which downloads the source of libvirt, is missing: use a source tree with --src DIR"
    mirror=$(debian_mirror)

    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$state/sources.list"
    cat >"$state/apt.conf" <<END
Dir::State "$state";
Dir::State::Lists "$state/lists";
Dir::Cache "$state/cache";
Dir::Etc::SourceList "$state/sources.list";
Dir::Etc::SourceParts "/dev/null";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "";
APT::Update::Post-Invoke-Success "";
END
    say "reading the list of source packages of $suite"
    # Without a network apt-get update only warns, and succeeds.
    { apt_of "$suite" apt-get -q update >"$log" 2>&1 && compgen -G "$state/lists/*Sources*" >/dev/null; } ||
        die "the list of source packages of $suite could not be downloaded from $mirror: check the network and run the same command again, or use a source tree with --src DIR; the log is $log"
    touch "$state/ready"
}

# Downloads the files of source package NAME of SUITE into FOLDER. apt compares their checksums with the signed index; a
# detached upstream signature is not needed.
download_source() {
    local suite=$1 name=$2 folder=$3 log=$4 uris uri file size sum
    uris=$(apt_of "$suite" apt-get -q source --print-uris "$name" 2>"$log" | sed -n "s/^'\(.*\)' /\1 /p")
    [[ $uris ]] || fail "$suite has no source package $name; the log is $log"
    while read -r uri file size sum; do
        [[ $file =~ \.(tar\.[a-z0-9]+|diff\.gz)$ ]] || continue
        [[ $sum == SHA256:* ]] || fail "the index of $suite has no SHA256 for $file; not using it"
        say "downloading $file ($((size / 1024)) KiB)"
        apt_of "$suite" /usr/lib/apt/apt-helper download-file "$uri" "$folder/$file" "$sum" >>"$log" 2>&1 || {
            # The file may have been replaced by a newer one: read the list again the next time.
            rm -f "$packages_folder/apt-$suite/ready"
            die "$file could not be downloaded: check the network and run the same command again; the log is $log"
        }
    done <<<"$uris"
}

# Unpacks the files in PARTS into FOLDER and applies Debian's patches.
unpack_source() {
    local parts=$1 folder=$2 log=$3 patch
    tar -C "$folder" --strip-components=1 -xf "$parts/"*.orig.tar.*
    if compgen -G "$parts/*.diff.gz" >/dev/null; then
        zcat "$parts/"*.diff.gz | patch -d "$folder" -p1 -s -f >>"$log" 2>&1 ||
            fail "Debian's changes in $parts do not apply; the log is $log"
    else
        tar -C "$folder" -xf "$parts/"*.debian.tar.*
    fi
    [[ ! -e $folder/debian/patches/series ]] || while read -r patch; do
        patch -d "$folder" -p1 -s -f <"$folder/debian/patches/$patch" >>"$log" 2>&1 ||
            fail "Debian's patch $patch does not apply; the log is $log"
    done < <(sed -e 's/[[:space:]]*\(#.*\)\?$//' -e '/^$/d' -e 's/ .*//' "$folder/debian/patches/series")
}

source_of() {
    local suite=$1 name=$2 folder=$packages_folder/$1-$2 log=$packages_folder/$1-$2.log
    if [[ ! -e $folder/.complete ]]; then
        apt_prepare "$suite"
        rm -rf "$folder"
        mkdir -p "$folder.parts" "$folder"
        download_source "$suite" "$name" "$folder.parts" "$log"
        unpack_source "$folder.parts" "$folder" "$log"
        rm -rf "$folder.parts"
        touch "$folder/.complete"
    fi
    printf '%s\n' "$folder"
}
