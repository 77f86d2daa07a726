# shellcheck shell=sh
# Installs, upgrades and removes a module with the real programs of package managers and images. meson.build puts this text into
# capprobe, which carries it out in the sandbox with the shell that is there.
#
#   adopt MANAGER MODULE             makes packages of the module's file alone, and installs the first: the file is that package's now
#   install|upgrade|remove MANAGER MODULE
#   directory rpm                    makes a package of the module directory without anything in it, and installs it, also if it is installed
#   prepare KIND MODULE              makes two images of the module directory: one with the module and one without it
#   host KIND MODULE                 makes two images of a file system that have the emulator, libvirt's driver, and the modules with and without it
#   emulator KIND FILE               makes an image of a file system that has nothing but the program FILE, called emulator
#   with|without KIND MODULE         puts the files of that image in place of the module directory; not for file systems, which are mounted
#
# FILE is relative to the folder of CAPPROBE_EMULATOR. CAPPROBE_MODULES is the module directory, CAPPROBE_PRISTINE a copy of its files that
# nobody changes, CAPPROBE_DRIVER libvirt's QEMU driver, CAPPROBE_WORK a folder for packages and images.
set -eu

action=$1 by=$2 module=${3-directory}
work=$CAPPROBE_WORK/$by-${module##*/}
[ "$action" != host ] || work=$work-host

# need PROGRAM PACKAGE: the package is named as in Debian.
need() {
    command -v "$1" >/dev/null || { echo "there is no $1 here; install the package $2" && exit 1; }
}

# apt without what it could download, which is of no use without network.
apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qy -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=/dev/null \
        -o APT::Sandbox::User=root -o Dpkg::Options::=--force-overwrite "$@"
}

# --- packages ---

build_deb() {
    root=$work/root-$1
    mkdir -p "$root/DEBIAN" "$root$CAPPROBE_MODULES"
    cp "$CAPPROBE_PRISTINE/$module.so" "$root$CAPPROBE_MODULES"
    printf '%s\n' "Package: $package" "Version: $1" 'Architecture: all' 'Maintainer: capprobe <root@localhost>' \
        "Description: $module" >"$root/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone --build "$root" "$work/$1.package"
}

# build_rpm VERSION COMMAND FILES: COMMAND puts the files in place.
build_rpm() {
    cat >"$work/$1.spec" <<END
Name: $package
Version: $1
Release: 1
Summary: $module
License: LGPL-2.1-or-later
AutoReqProv: no
%description
$module
%install
mkdir -p "%{buildroot}$CAPPROBE_MODULES"
$2
%files
$3
END
    # What the build host would do to the file, such as stripping it, is left out.
    rpmbuild -bb --quiet --define "_topdir $work/top" --define "_tmppath $work" --define '__os_install_post %{nil}' \
        --define 'debug_package %{nil}' --define '_build_id_links none' "$work/$1.spec"
    mv "$work"/top/RPMS/*/*.rpm "$work/$1.package"
}

# build VERSION: makes the package, unless it is there.
build() {
    [ -e "$work/$1.package" ] && return
    case $by in
    rpm)
        need rpmbuild rpm
        build_rpm "$1" "cp '$CAPPROBE_PRISTINE/$module.so' '%{buildroot}$CAPPROBE_MODULES'" "%attr(644, root, root) $CAPPROBE_MODULES/$module.so"
        ;;
    *) need dpkg-deb dpkg && build_deb "$1" ;;
    esac
}

install_package() {
    case $by in
    dpkg) dpkg --force-overwrite --install "$work/$1.package" ;;
    apt)
        ln -f "$work/$1.package" "$work/$1.deb"
        apt install "$work/$1.deb"
        ;;
    rpm) rpm --upgrade --nodeps --replacefiles "$work/$1.package" ;;
    esac
}

remove_package() {
    case $by in
    dpkg) dpkg --remove "$package" ;;
    apt) apt remove "$package" ;;
    rpm) rpm --erase --nodeps "$package" ;;
    esac
}

manage_package() {
    package=capprobe-$(printf '%s' "$module" | tr 'A-Z_' 'a-z-')
    case $by in
    apt) need apt-get apt ;;
    *) need "$by" "$by" ;;
    esac
    if [ "$action" = adopt ]; then
        mkdir -p "$work"
        build 1
        build 2
        install_package 1
        echo 1 >"$work/version"
        return
    fi
    [ -e "$work/version" ] || { echo "no package has $module yet, expected '$by adopt $module' before" && exit 1; }
    version=$(cat "$work/version")
    case $action in
    remove) remove_package ;;
    install) install_package "$version" ;;
    upgrade)
        version=$((version + 1))
        build "$version"
        install_package "$version"
        echo "$version" >"$work/version"
        ;;
    esac
}

# The directory was packed long ago.
install_directory() {
    package=capprobe-$module
    need rpmbuild rpm
    if [ ! -e "$work/1.package" ]; then
        mkdir -p "$work"
        build_rpm 1 "touch -d @1500000000 '%{buildroot}$CAPPROBE_MODULES'" "%dir %attr(755, root, root) $CAPPROBE_MODULES"
    fi
    rpm --upgrade --nodeps --replacepkgs "$work/1.package"
}

# --- images ---

# set_times FOLDER SECONDS: of the folder and everything in it.
set_times() {
    find "$1" -exec touch -h -d "@$2" {} +
}

# Makes the folders `with` and `without`. The latter has the time at which the module is removed, or all have the time 1.
make_folders() {
    cp -a "$CAPPROBE_PRISTINE" "$work/with"
    chmod 755 "$work/with"
    set_times "$work/with" 1500000000
    cp -a "$work/with" "$work/without"
    rm "$work/without/$module.so"
    case $by in
    *-epoch) set_times "$work/with" 1 && set_times "$work/without" 1 ;;
    esac
}

# make_file_system FOLDER: makes an image of it, in which everything has the time 1.
make_file_system() {
    case $by in
    erofs) mkfs.erofs -T1 --all-root "$1.erofs" "$1" ;;
    squashfs) SOURCE_DATE_EPOCH=1 mksquashfs "$1" "$1.squashfs" -quiet -no-progress -all-root -noI -noD -noF -noX ;;
    esac
}

make_images() {
    case $by in
    ostree)
        ostree --repo="$work/repo" init --mode=bare
        for which in with without; do
            ostree --repo="$work/repo" commit --branch="$which" --no-xattrs "$work/$which"
        done
        ;;
    erofs | squashfs)
        for which in with without; do
            make_file_system "$work/$which"
        done
        ;;
    oci*)
        umoci init --layout "$work/layout"
        umoci new --image "$work/layout:with"
        umoci unpack --image "$work/layout:with" "$work/bundle"
        # The second image has one layer more than the first.
        for which in with without; do
            rsync_like "$work/$which" "$work/bundle/rootfs/modules"
            umoci repack --image "$work/layout:$which" "$work/bundle"
            rm -r "$work/bundle"
            umoci unpack --image "$work/layout:$which" "$work/bundle"
        done
        ;;
    tar*)
        for which in with without; do
            tar -C "$work/$which" -cf "$work/$which.tar" .
        done
        ;;
    esac
}

# rsync_like FROM TO: makes the folder TO the same as FROM, without touching the files that are the same.
rsync_like() {
    mkdir -p "$2"
    cp -a "$1/." "$2"
    for file in "$2"/*; do
        [ -e "$1/${file##*/}" ] || rm "$file"
    done
    touch -d "@$(stat -c %Y "$1")" "$2"
}

# The programs that make and use images of this kind.
need_programs() {
    case $by in
    ostree) need ostree ostree ;;
    erofs) need mkfs.erofs erofs-utils ;;
    squashfs) need mksquashfs squashfs-tools ;;
    oci*) need umoci umoci ;;
    rsync*) need rsync rsync ;;
    tar*) need tar tar ;;
    esac
}

prepare() {
    [ -e "$work/complete" ] && return
    need_programs
    mkdir -p "$work"
    make_folders
    make_images
    : >"$work/complete"
}

# Nothing but a file system can be mounted.
need_file_system() {
    case $by in
    erofs | squashfs) ;;
    *) echo "there can be no emulator in an image of the kind $by, expected erofs or squashfs" && exit 1 ;;
    esac
}

prepare_host() {
    need_file_system
    [ ! -e "$work/complete" ] || return 0
    need_programs
    mkdir -p "$work"
    make_folders
    for which in with without; do
        mv "$work/$which" "$work/modules"
        mkdir "$work/$which"
        mv "$work/modules" "$work/$which"
        cp "$CAPPROBE_EMULATOR" "$work/$which/emulator"
        cp "$CAPPROBE_DRIVER" "$work/$which/driver"
        make_file_system "$work/$which"
        rm -r "${work:?}/$which"
    done
    : >"$work/complete"
}

prepare_emulator() {
    need_file_system
    [ ! -e "$work/complete" ] || return 0
    need_programs
    cd "${CAPPROBE_EMULATOR%/*}"
    # All images have their files at the same place, so that they differ in nothing but the program.
    mkdir -p "$work/image"
    cp "$module" "$work/image/emulator"
    make_file_system "$work/image"
    : >"$work/complete"
}

# replace_folder NEW: puts a new folder in the place of the module directory.
replace_folder() {
    mv -T "$CAPPROBE_MODULES" "$CAPPROBE_MODULES.old"
    mv -T "$1" "$CAPPROBE_MODULES"
    rm -rf "$CAPPROBE_MODULES.old"
}

deploy() {
    new=$CAPPROBE_MODULES.new
    case $by in
    ostree)
        [ -d "$work/deployment-$action" ] || ostree --repo="$work/repo" checkout -H "$action" "$work/deployment-$action"
        [ -L "$CAPPROBE_MODULES" ] || mv -T "$CAPPROBE_MODULES" "$CAPPROBE_MODULES.away"
        ln -s "$work/deployment-$action" "$new"
        mv -T "$new" "$CAPPROBE_MODULES"
        ;;
    oci*)
        umoci raw unpack --image "$work/layout:$action" "$new"
        mv -T "$new/modules" "$CAPPROBE_MODULES.modules"
        rm -r "$new"
        replace_folder "$CAPPROBE_MODULES.modules"
        ;;
    rsync*) rsync -a --delete "$work/$action/" "$CAPPROBE_MODULES/" ;;
    tar*)
        mkdir "$new"
        tar -C "$new" -xpf "$work/$action.tar"
        replace_folder "$new"
        ;;
    esac
}

case $action in
adopt | install | upgrade | remove) manage_package ;;
directory) install_directory ;;
prepare) prepare ;;
host) prepare_host ;;
emulator) prepare_emulator ;;
with | without) deploy ;;
esac
