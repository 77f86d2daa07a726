# shellcheck shell=bash
# What scripts/layouts does in the sandbox of a layout. `installed` prints what there is. Each other situation is a function that
# prints one line: whether libvirt answers, whether it noticed that a module was removed, the times of both answers and of one
# from disk in ms (that of virsh, as a whole), and what libvirt says:
#   ANSWERS|NOTICED|MS|MS|MS|TEXT

export LC_ALL=C
system=qemu:///system
embedded='qemu:///embed?root=/run/capprobe/root'
module='<value>qxl</value>' # what hw-display-qxl adds to the answer
log=/run/layouts.log
# Daemons that run in the background, and programs that they start, log here.
export LIBVIRT_LOG_OUTPUTS=3:file:$log

# Prints the version of libvirt, and its daemons with their packages.
installed() {
    local program package
    printf '%s:' "$(virsh --version)"
    for program in /usr/sbin/{libvirtd,virt*d}; do
        [[ -x $program ]] || continue
        package=$(dpkg-query -S "$program" 2>/dev/null | cut -d : -f 1)
        if [[ -z $package ]] || dpkg --verify "$package" | grep -qF "$program"; then
            package='the build'
        fi
        printf ' %s (%s)' "${program##*/}" "$package"
    done
    echo
}

# DAEMON: returns when it is ready, or has failed.
start() {
    "$1" -d >>"$log" 2>&1 </dev/null || true
}

# FILE: makes libvirt use the lock daemon.
use_lockd() {
    echo 'lock_manager = "lockd"' >>"$1"
}

# URI: sets status and said to those of virsh, and took to its time in ms.
ask() {
    local begin=$EPOCHREALTIME
    status=0
    said=$(virsh -q -c "$1" domcapabilities 2>&1) || status=$?
    took=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
}

# Prints why a driver of the daemon did not start, which ends the daemon, or else what virsh said.
complaint() {
    local why
    why=$(sed -n 's/.*: \(Initialization of .* failed: \)/\1/p' "$log" 2>/dev/null | head -n 1)
    echo "${why:-$(errors <<<"$said")}"
}

# Prints the errors among the lines of a command, as one line.
errors() {
    sed -n 's/.*error: //p' | grep -v '^failed to connect to the hypervisor$' | paste -sd ';' | sed 's/;/; /g'
}

# URI: asks before and after the module is removed.
refresh() {
    local first noticed=undecided
    ask "$1"
    if ((status)); then
        printf 'no|||||%s\n' "$(complaint)"
        return
    fi
    [[ $said == *"$module"* ]] || { echo "undecided|||||qxl is missing from the beginning" && return; }
    first=$took
    rm /usr/lib/*/qemu/hw-display-qxl.so
    ask "$1"
    if [[ $said == *"$module"* ]]; then
        noticed='not noticed'
    elif [[ $status == 0 && $said == *'</domainCapabilities>'* ]]; then
        noticed=noticed
    fi
    printf 'yes|%s|%s|%s||\n' "$noticed" "$first" "$took"
}

no_daemon() { refresh "$system"; }

no_plugin_embedded() {
    use_lockd /run/capprobe/root/etc/qemu.conf
    refresh "$embedded"
}

no_driver() {
    dpkg --remove --force-depends libvirt-daemon-driver-qemu >>"$log" 2>&1
    start libvirtd
    refresh "$system"
}

no_plugin() {
    use_lockd /etc/libvirt/qemu.conf
    start libvirtd
    refresh "$system"
}

# Lets guests run in the sandbox, where trusted attributes and control groups cannot be changed; and without the log daemon, with
# which libvirt does not always find out in time why a guest has failed.
allow_guests() {
    printf '%s\n' 'remember_owner = 0' 'cgroup_controllers = []' 'stdio_handler = "file"' >>/etc/libvirt/qemu.conf
}

# Prints what libvirt says if a guest is started.
start_guest() {
    local text
    echo '<domain type="qemu"><name>guest</name><memory>65536</memory><os><type>hvm</type></os></domain>' >/run/guest.xml
    virsh -q -c "$system" define /run/guest.xml >/dev/null
    if text=$(virsh -q -c "$system" start guest 2>&1); then
        echo 'a guest starts'
    else
        errors <<<"$text"
    fi
}

refresh_and_start_guest() {
    printf '%s%s\n' "$(refresh "$system")" "$(start_guest)"
}

# The log daemon is for the guests' output, the lock daemon for their disks.
without_virtlogd() {
    start libvirtd
    refresh_and_start_guest
}

without_virtlockd() {
    allow_guests
    use_lockd /etc/libvirt/qemu.conf
    start libvirtd
    refresh_and_start_guest
}

with_virtlockd() {
    start virtlockd
    without_virtlockd
}

proxy="qemu+unix:///system?socket=/run/libvirt/libvirt-sock"

no_virtqemud() {
    start virtproxyd
    refresh "$proxy"
}

# DAEMON...: starts these as well as virtqemud and the proxy, and asks, also for the host's devices.
modular_with() {
    local daemon devices
    allow_guests
    # With the log daemon.
    sed -i /stdio_handler/d /etc/libvirt/qemu.conf
    use_lockd /etc/libvirt/qemu.conf
    for daemon in "$@" virtqemud virtproxyd; do
        start "$daemon"
    done
    devices=$(virsh -q -c "$proxy" nodedev-list 2>&1) && devices="$(grep -c . <<<"$devices") devices" || devices=$(errors <<<"$devices")
    printf '%s%s; %s\n' "$(refresh "$proxy")" "$(start_guest)" "$devices"
}

all_daemons() { modular_with virtlogd virtlockd virtnodedevd; }

without_virtnodedevd() { modular_with virtlogd virtlockd; }

modular_without_virtlockd() { modular_with virtlogd virtnodedevd; }

# Runs the start script of libvirt-guests, which shall start the guest that ran when the host was shut down.
guests() {
    local script=/usr/lib/libvirt/libvirt-guests.sh list=/var/lib/libvirt/libvirt-guests text status=0
    [[ -e $script ]] || { echo '|||||not installed' && return; }
    mkdir -p /run/lock
    echo 'ON_BOOT=start' >>/etc/default/libvirt-guests
    echo "default $1" >"$list"
    text=$("$script" start 2>&1 </dev/null) || status=$?
    [[ -e $list ]] || status+=', the list of guests is gone'
    printf '|||||%s (exit status %s)\n' "$(grep . <<<"$text" | paste -sd ' ')" "$status"
}

guests_alone() { guests 01234567-89ab-cdef-0123-456789abcdef; }

guests_with_libvirtd() {
    allow_guests
    start libvirtd
    start_guest >/dev/null
    virsh -q -c "$system" destroy guest >/dev/null
    guests "$(virsh -q -c "$system" domuuid guest)"
}
