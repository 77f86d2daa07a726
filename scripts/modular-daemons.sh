# shellcheck shell=bash
# Builds libvirt's modular daemons alone. A part of scripts/build-libvirt, whose functions and settings it uses.
# shellcheck disable=SC2154  # defined there

# DAEMON...: prints the objects of these daemons.
objects_of() {
    ninja -C "$to/libvirt" -t inputs "${@/#/src/}" | grep -E "^src/($(IFS='|' && echo "$*"))\.p/.*\.o$"
}

# Builds modular daemons alone, with the library and the drivers of the libvirt that is installed on this host or in $tree: the same
# release has the same internals. $to/modular is a libvirt for capprobe's --libvirt.
build_modular() {
    local built=(virtqemud virtproxyd) library folder daemon file headers objects
    library=$(find "$tree"/usr/lib* -name libvirt.so.0 -print -quit)
    [[ $(readlink "$library") == "libvirt.so.0.$(number_of "$version")" ]] ||
        die "${tree:-this host} does not have libvirt $version, for which these daemons are built"
    folder=${library%/*}
    # Of headers that are generated only the link of the whole library says that they are needed.
    mapfile -t headers < <(ninja -C "$to/libvirt" -t targets all | sed -nE 's,^(src/(admin|remote|rpc)/.*\.h): .*,\1,p')
    mapfile -t objects < <(objects_of "${built[@]}")
    run_ninja "building the daemons of libvirt $version" -C "$to/libvirt" "${headers[@]}"
    run_ninja "building the daemons of libvirt $version" -C "$to/libvirt" "${objects[@]}" src/admin/libvirt_admin_driver.a
    rm -rf "$to/modular"
    mkdir -p "$to/modular" "$to/libvirt/src/virtnodedevd.p"
    for file in "$folder"/libvirt*.so.0 "$folder"/libvirt/connection-driver/*.so "$tree/usr/sbin/libvirtd"; do
        ln -s "${file#"$tree"}" "$to/modular"
    done
    for daemon in "${built[@]}"; do
        ninja -C "$to/libvirt" -t commands -s "src/$daemon" | link_modular
    done
    # All daemons of drivers are the same, but for two names. libvirt's build has this one only if it has udev's headers.
    {
        for file in $(objects_of virtqemud); do
            ninja -C "$to/libvirt" -t commands -s "$file"
        done
        ninja -C "$to/libvirt" -t commands -s src/virtqemud
    } | sed 's/virtqemud/virtnodedevd/g; s/MODULE_NAME="qemu"/MODULE_NAME="nodedev"/' | link_modular
}

# Carries out the commands on standard input, which link with the library in $folder, into $to/modular.
link_modular() {
    sed -E "s, -o src/(virt[a-z]*d) , -o $to/modular/\1 ,; s, src/(libvirt[a-z-]*\.so\.0)\.[0-9.]*, $folder/\1,g; s, '?-Wl\,-rpath\,[^ ]*,,g" >"$to/commands"
    logged "$log" bash -ec "cd '$to/libvirt'; . '$to/commands'"
}
