# shellcheck shell=bash disable=SC2154  # $to and $log are those of scripts/build-libvirt, and the compiler's flags are in the environment
# The libraries that are built like libvirt, from bookworm's source packages, and linked statically: libxml2 always, for
# its edges are to guide the fuzzer; for MemorySanitizer whatever else handles the data, since it takes all that an
# uninstrumented library writes for uninitialised. To be sourced.
#
#   dependencies_of FLAGS       prints the names of the source packages
#   build_dependency NAME       builds one in $to/NAME; nothing happens the second time
#   dependency_paths            prints where pkg-config finds those that have been built

dependencies_of() {
    echo libxml2
    [[ $1 != *-fsanitize=memory* ]] || printf '%s\n' pcre2 glib2.0 yajl json-c
}

build_dependency() {
    local name=$1 source
    [[ ! -e $to/$name/complete ]] || return 0
    source=$(source_of bookworm "$name")
    say "building $name"
    rm -rf "${to:?}/$name"
    mkdir -p "$to/$name/build"
    (cd "$to/$name/build" && "build_${name//[^a-z0-9]/_}")
    touch "$to/$name/complete"
}

# The autotools of the host must not be called for: the files in the package are as good as new.
configure_dependency() {
    logged "$log" nice -n 19 "$source/configure" --prefix="$to/$name" --libdir="$to/$name/lib" \
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

# Meson describes what has not been installed too, for pkg-config.
build_glib2_0() {
    logged "$log" nice -n 19 meson setup . "$source" --wrap-mode=nodownload --buildtype=plain --default-library=static \
        -Dauto_features=disabled -Dxattr=false -Dtests=false
    run_ninja "building $name" glib/libglib-2.0.a gmodule/libgmodule-2.0.a gobject/libgobject-2.0.a gio/libgio-2.0.a
}

cmake_dependency() {
    logged "$log" nice -n 19 cmake "$source" -DCMAKE_INSTALL_PREFIX="$to/$name" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON "$@"
    logged "$log" nice -n 19 make -j "$(nproc)"
    logged "$log" make install
}

build_yajl() {
    cmake_dependency
    mv "$to/yajl/lib/libyajl_s.a" "$to/yajl/lib/libyajl.a"
    rm -f "$to/yajl/lib/"libyajl.so*
}

build_json_c() {
    cmake_dependency -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF -DBUILD_APPS=OFF -DDISABLE_WERROR=ON
}

dependency_paths() {
    local path
    for path in "$to"/*/{lib,share}/pkgconfig "$to"/*/build/meson-uninstalled; do
        [[ ! -d $path ]] || printf '%s\n' "$path"
    done | paste -sd :
}
