# shellcheck shell=bash
# shellcheck disable=SC2154  # tap.sh sets scratch
# Makes a tree from this host's own files, so that tests of --tree need no network. To be sourced after tap.sh.
#
#   make_tree DIR    makes a root file system with libvirt, QEMU and its modules, and what they are linked with; sets
#                    emulator, library, driver and moddir to their paths
#   tree_digest DIR  prints a digest of everything in it, with times

make_tree() {
    emulator=$("$CAPPROBE" doctor | sed -n 's|^ok *\(/.*/qemu-system-[^:]*\):.*$|\1|p')
    library=$("$CAPPROBE" doctor | sed -n 's/^ok *libvirt [^:]*: //p')
    driver=$("$CAPPROBE" doctor | grep -o '/.*/libvirt_driver_qemu.so')
    moddir=$("$CAPPROBE" doctor | sed -n 's/^ok .* modules in //p')
    local programs path
    [[ -x $emulator && -e $library && -e $driver && -d $moddir ]] || exit 99
    programs=(/bin/sh /bin/mv /bin/rm /bin/cat "$emulator" "$library" "$driver")
    {
        printf '%s\n' "${programs[@]}" "${library%/*}/libvirt.so.0" "$moddir"/*.so /etc/passwd /etc/group
        ldd "${programs[@]}" "${CAPPROBE%/*}/capprobe-client" "$moddir"/*.so 2>/dev/null | grep -o '/[^ :]* ' | tr -d ' '
        find -L /usr/share/libvirt/cpu_map /usr/share/qemu /usr/share/seabios -type f 2>/dev/null
    } | while read -r path; do
        # A file and what it leads to, with no link among its folders.
        printf '%s\n' "$(realpath "${path%/*}")/${path##*/}" "$(realpath "$path")"
    done | sort -u >"$1.files"
    mkdir -p "$1"/{proc,dev,sys,run}
    tar -C / -cf - --files-from="$1.files" 2>/dev/null | tar -C "$1" -xf -
    rm "$1.files"
    for path in /lib /lib64 /bin; do
        [[ ! -L $path ]] || cp -a "$path" "$1"
    done
}

tree_digest() {
    find "$1" -printf '%p %m %U %G %s %T@ %C@ %l\n' | sort | sha256sum
    find "$1" -type f -print0 | sort -z | xargs -0 cat | sha256sum
}
