# shellcheck shell=bash
# Libraries that are built with the same compiler and flags as libvirt, from bookworm's source packages, and linked
# statically: libxml2 always, so that its edges guide the fuzzer; for MemorySanitizer all libraries that handle the data,
# since it takes what an uninstrumented library writes for uninitialised memory. To be sourced by scripts/build-libvirt,
# which exports CC, CFLAGS and LDFLAGS.
#
#   dependencies_of FLAGS                prints the names of the source packages that a build with these flags needs
#   build_dependency NAME FOLDER LOG     builds one in FOLDER/NAME, unless that has been done
#   dependency_paths FOLDER              prints the PKG_CONFIG_PATH of those that have been built in FOLDER

dependencies_of() {
    echo libxml2
    [[ $1 != *-fsanitize=memory* ]] || printf '%s\n' pcre2 glib2.0 yajl json-c
}

build_dependency() {
    local name=$1 prefix=$2/$1 log=$3 source
    [[ ! -e $prefix/complete ]] || return 0
    source=$(source_of bookworm "$name")
    say "building $name"
    rm -rf "$prefix"
    mkdir -p "$prefix/build"
    (cd "$prefix/build" && "build_${name//[^a-z0-9]/_}")
    touch "$prefix/complete"
}

# The generated files in the package are up to date, so the autotools of the system must not run.
configure_dependency() {
    logged "$log" nice -n 19 "$source/configure" --prefix="$prefix" --libdir="$prefix/lib" \
        --enable-static --disable-shared --with-pic "$@" ACLOCAL=: AUTOCONF=: AUTOHEADER=: AUTOMAKE=:
}

build_libxml2() {
    configure_dependency --without-python --without-lzma --without-zlib --without-http --without-ftp --without-debug --without-modules
    logged "$log" nice -n 19 make -j "$(nproc)" libxml2.la
    logged "$log" make install-libLTLIBRARIES install-pkgconfigDATA
    logged "$log" make -C include install
}

build_pcre2() {
    configure_dependency --enable-unicode
    logged "$log" nice -n 19 make -j "$(nproc)" libpcre2-8.la
    logged "$log" make install-libLTLIBRARIES install-pkgconfigDATA install-includeHEADERS install-nodist_includeHEADERS
}

# Not installed: meson also writes files for pkg-config that describe the build folder.
build_glib2_0() {
    logged "$log" nice -n 19 meson setup . "$source" --wrap-mode=nodownload --buildtype=plain --default-library=static \
        -Dauto_features=disabled -Dxattr=false -Dtests=false
    run_ninja "building $name" glib/libglib-2.0.a gmodule/libgmodule-2.0.a gobject/libgobject-2.0.a gio/libgio-2.0.a
}

cmake_dependency() {
    logged "$log" nice -n 19 cmake "$source" -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON "$@"
    logged "$log" nice -n 19 make -j "$(nproc)"
    logged "$log" make install
}

build_yajl() {
    cmake_dependency
    mv "$prefix/lib/libyajl_s.a" "$prefix/lib/libyajl.a"
    rm -f "$prefix/lib/"libyajl.so*
}

build_json_c() {
    cmake_dependency -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF -DBUILD_APPS=OFF -DDISABLE_WERROR=ON
}

dependency_paths() {
    local folder=$1 path
    for path in "$folder"/*/{lib,share}/pkgconfig "$folder"/*/build/meson-uninstalled; do
        [[ ! -d $path ]] || printf '%s\n' "$path"
    done | paste -sd :
}
