# shellcheck shell=bash
# What scripts/upgrades does in the sandbox: upgrades, which it watches, and situations, which print lines: STEP|PROBES|RIGHT|TEXT.
# The situations use what scripts/layouts.sh defines.
# shellcheck disable=SC2154  # defined there

export DEBIAN_FRONTEND=noninteractive

# --- upgrades ---

apt() {
    apt-get --yes --option Dpkg::Options::=--force-confold --option Dpkg::Use-Pty=0 --no-download "$@"
}

upgrade() { apt --install-recommends dist-upgrade; }

# First without the daemons, which Debian 12's package of the driver does not need. Any of these packages would bring them back.
upgrade_minimal() {
    apt remove libvirt-daemon{,-system,-system-systemd,-config-network,-config-nwfilter} && upgrade
}

# The packages of QEMU with this string in their version.
qemu_packages() {
    local package
    for package in /var/cache/apt/archives/qemu-*"$1"*.deb; do
        echo "$package"
    done
}

# shellcheck disable=SC2046  # a list
newer_qemu() { apt install $(qemu_packages bpo12) /var/cache/apt/archives/seabios_*bpo12*.deb; }

# What only the newer one has must go.
# shellcheck disable=SC2046  # a list
older_qemu() { apt --allow-downgrades install $(qemu_packages 7.2) qemu-system-modules-spice- qemu-system-modules-opengl-; }

# --- two daemons ---

nobody=65534
cache=/run/shared

# NAME PROGRAM: starts the daemon of an ordinary user, with sockets and settings of its own, and the cache that is shared.
start_session() {
    local home=/run/$1 libraries=()
    mkdir -p "$home/run" "$home/etc/libvirt" "$cache"
    echo 'stdio_handler = "file"' >"$home/etc/libvirt/qemu.conf"
    chown -R $nobody:$nobody "$home" "$cache"
    [[ $2 != /opt/modular/* ]] || libraries=(LD_LIBRARY_PATH=/opt/modular LIBVIRT_DRIVER_DIR=/opt/modular)
    setpriv --reuid $nobody --regid $nobody --clear-groups env HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/etc" \
        XDG_CACHE_HOME="$cache" LIBVIRT_LOG_OUTPUTS="3:file:$home/log" "${libraries[@]}" "$2" -d >>"$log" 2>&1 </dev/null
}

# NAME PROGRAM: ends the daemon.
end_session() {
    local pid
    pid=$(<"/run/$1/run/libvirt/${2##*/}.pid")
    kill "$pid"
    while [[ -e /proc/$pid ]]; do sleep 0.1; done
}

# Prints what changes whenever libvirt keeps what it has probed.
kept() {
    stat -c '%i %z' "$cache"/libvirt/qemu/cache/capabilities/*.xml 2>/dev/null || true
}

# Prints the answer of a libvirt that has cached nothing.
truth() {
    rm -rf /run/capprobe/truth
    mkdir -p /run/capprobe/truth/etc
    echo 'stdio_handler = "file"' >/run/capprobe/truth/etc/qemu.conf
    virsh -q -c 'qemu:///embed?root=/run/capprobe/truth' domcapabilities
}

# NAME PROGRAM STEP: asks, and prints the line of this step.
ask_session() {
    local socket=/run/$1/run/libvirt/${2##*/}-sock before probes=0 right=yes
    socket=${socket/libvirtd-sock/libvirt-sock}
    # Whatever is kept must be newer than what was.
    sleep 1.1
    before=$(kept)
    ask "qemu+unix:///session?socket=$socket"
    [[ $(kept) == "$before" ]] || probes=1
    [[ $said == "$(truth)" ]] || right='**no**'
    printf '%s|%s|%s|%s\n' "$3" "$probes" "$right" "$(errors <<<"$said")"
}

# PROGRAM PROGRAM: one daemon of each at the same time.
two_daemons() {
    local one=${1##*/} other=${2##*/}
    [[ $one != "$other" ]] || { one+=' (first)' && other+=' (second)'; }
    start_session one "$1"
    ask_session one "$1" "$one, the only one"
    start_session other "$2"
    ask_session other "$2" "$other, started beside it"
    ask_session one "$1" "$one again"
    ask_session other "$2" "$other again"
    rm /usr/lib/*/qemu/hw-display-qxl.so
    ask_session one "$1" "a module is removed; $one"
    ask_session other "$2" "$other"
    ask_session one "$1" "$one again"
    ask_session other "$2" "$other again"
    end_session one "$1"
    start_session one "$1"
    ask_session one "$1" "$one is started again"
    ask_session other "$2" "$other"
}

beside_each_other() { two_daemons /usr/sbin/libvirtd /opt/modular/virtqemud; }

same_program() { two_daemons /opt/modular/virtqemud /opt/modular/virtqemud; }

# Both would keep guests in the same folder.
same_sockets() {
    local text status=0
    start libvirtd
    ask "$system"
    ((status == 0)) || { echo 'libvirtd||no answer|' && return; }
    echo 'libvirtd||answers|'
    text=$(LD_LIBRARY_PATH=/opt/modular LIBVIRT_DRIVER_DIR=/opt/modular LIBVIRT_LOG_OUTPUTS=3:stderr timeout 20 /opt/modular/virtqemud 2>&1 </dev/null) || status=$?
    printf 'virtqemud|||%s (exit status %s)\n' "$(sed -n 's/.*: \(Initialization of .* failed: \)/\1/p' <<<"$text")" "$status"
}

# --- after the upgrade ---

# Prints the line of an upgraded host on which libvirtd is started.
ask_upgraded() {
    start libvirtd
    ask "$system"
    if ((status)); then
        printf '%s||no answer|%s\n' "$1" "$(complaint)"
    else
        printf '%s||answers|%s\n' "$1" "$(start_guest)"
    fi
}

lockd_upgraded_with() {
    allow_guests
    use_lockd /etc/libvirt/qemu.conf
    apt "$@" dist-upgrade >>"$log" 2>&1
    [[ ! -x /usr/sbin/virtlockd ]] || start virtlockd
    ask_upgraded "libvirtd $(virsh --version), $([[ -x /usr/sbin/virtlockd ]] && echo 'virtlockd runs' || echo 'virtlockd is gone')"
}

lockd_upgraded() { lockd_upgraded_with --install-recommends; }

lockd_upgraded_alone() { lockd_upgraded_with --no-install-recommends; }

guests_upgraded() {
    upgrade >>"$log" 2>&1
    guests_with_libvirtd | sed 's/^|*/libvirtd runs|||/'
}
