# shellcheck shell=bash
# Makes trees with a release and the packages that it is to be upgraded with. To be sourced, in the top folder of the repository, after
# scripts/common.sh.
#
#   upgrade_tree                prints the folder of Debian 12 with the packages of Debian 13 in its cache
#   backports_tree              prints the folder of Debian 12 with QEMU's packages of its backports, and its own
#   as_root COMMAND...          carries out a command as root
#
# Such a tree is made once. What is installed in it is that of scripts/tree.

from=bookworm to=trixie
# With what packages recommend, as administrators have it: the modules for SPICE are a package of their own in Debian 13.
# shellcheck disable=SC2034  # used by those who source this
upgrade=(--yes --install-recommends --option Dpkg::Options::=--force-confold --option Dpkg::Use-Pty=0)
# What QEMU consists of in Debian 12, and what that becomes in its backports.
qemu_own=(qemu-system-x86 qemu-system-common qemu-system-data qemu-block-extra qemu-utils)
qemu_newer=("${qemu_own[@]}" qemu-system-modules-spice)

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# Carries out a command in the tree $new, with the network of this host.
in_tree() {
    # shellcheck disable=SC2016  # for the other shell
    as_root unshare --mount --pid --fork --kill-child bash -c 'mount -t proc proc "$0/proc" && mount --bind /etc/resolv.conf "$0/etc/resolv.conf" && exec chroot "$0" "$@"' \
        "$new" env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >>"$log" 2>&1
}

remove_new() {
    [[ -z $new ]] || as_root rm -rf --one-file-system "$new"
}

# Fetches the packages of the next release.
fetch_next_release() {
    in_tree apt-get "${upgrade[@]}" --download-only dist-upgrade
}

# Fetches the packages of both QEMUs.
fetch_both_qemu() {
    in_tree apt-get "${upgrade[@]}" --download-only --target-release "$from-backports" install "${qemu_newer[@]}" &&
        in_tree apt-get "${upgrade[@]}" --download-only --reinstall install "${qemu_own[@]}"
}

# NAME FETCH SUITE...: makes build/trees/NAME, of $from, with the suites as its sources and what the function FETCH fetches from
# them; prints its folder.
make_upgrade_tree() {
    local name=$1 fetch=$2 tree=build/trees/$1 mirror lock suite
    log=build/trees/$1.log new=''
    shift 2
    mkdir -p build/trees
    exec {lock}>"$tree.lock"
    flock -n "$lock" || { say "waiting for another call that makes $tree" && flock "$lock"; }
    if [[ ! -d $tree ]]; then
        ((EUID == 0)) || command -v sudo >/dev/null || die "a tree is made by root: run this as root, or install sudo"
        mirror=$(debian_mirror)
        as_root rm -rf --one-file-system "build/trees/.new-$name"
        new=build/trees/.new-$name
        trap remove_new EXIT
        trap 'exit 130' INT TERM HUP
        say "fetching packages of $* into $tree from $mirror"
        as_root cp -a "$(scripts/tree "$from")" "$new"
        as_root touch "$new/etc/resolv.conf"
        as_root rm -f "$new"/etc/apt/sources.list "$new"/etc/apt/sources.list.d/*
        for suite; do
            echo "deb $mirror $suite main"
        done | as_root tee "$new/etc/apt/sources.list" >/dev/null
        # No daemon is started in the sandbox.
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$new/usr/sbin/policy-rc.d" >/dev/null
        as_root chmod 755 "$new/usr/sbin/policy-rc.d"
        : >"$log"
        { in_tree apt-get -o 'Acquire::Check-Valid-Until=false' update && "$fetch"; } ||
            die "the packages cannot be fetched: check the network, and run the same command again; the log is $log"
        as_root mv -T "$new" "$tree"
        new=''
    fi
    exec {lock}>&-
    echo "$tree"
}

# In a shell of its own, for the traps.
upgrade_tree() (
    make_upgrade_tree "$from-to-$to" fetch_next_release "$to"
)

backports_tree() (
    make_upgrade_tree "$from-backports" fetch_both_qemu "$from" "$from-backports"
)
