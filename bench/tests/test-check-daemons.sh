#!/usr/bin/env bash
# capprobe check of every daemon that an administrator has: that of an ordinary user, virtqemud, and virtqemud behind the proxy. SOURCE
# names the source folder, whose build/ may have modular daemons.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/live-host.sh
source "${0%/*}/live-host.sh"
live=no
((EUID != 0)) || ! command -v libvirtd >/dev/null || ! live_host_enter || live=yes
cd "$scratch" || exit 99

if [[ $live == no ]]; then
    skip 'daemons of a live host' 'not root, no namespaces, or libvirtd is missing'
    done_testing
    exit
fi

# NAME STATUS OPTION...: leaves NAME.txt, which has standard error, too. The array `as` has the user.
as=()
run() {
    local name=$1 wanted=$2 status=0
    shift 2
    timeout --foreground 60 "${as[@]}" /run/programs/capprobe check "$@" >"$name.txt" 2>&1 || status=$?
    cat "$name.txt"
    ((status == wanted)) || { printf 'exit status %d, expected %d\n' "$status" "$wanted" && return 1; }
}
says() { grep -F -- "$2" "$1.txt"; }
says_line() { grep -xF -- "$2" "$1.txt"; }

# The build folder and that of the test may be closed to other users.
mkdir /run/programs && cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" /run/programs

# A module goes, and the time of its directory is put back; and comes again.
hide_change() {
    touch -d @1000000000 "$MODULES"
    "${as[@]}" virsh -c "$1" domcapabilities >/dev/null || return 1
    mv "$MODULES/hw-display-qxl.so" away.so
    touch -d @1000000000 "$MODULES"
}
undo_change() {
    mv away.so "$MODULES/hw-display-qxl.so"
    touch "$MODULES"
}

# SOCKET COMMAND...: starts the daemon, and waits until it has its socket.
begin() {
    local socket=$1
    shift
    "${as[@]}" "$@" 2>>daemon.err &
    daemon=$!
    until [[ -S $socket ]]; do
        kill -0 "$daemon" || { cat daemon.err && return 1; }
        sleep 0.02
    done
}

# --- the daemon of an ordinary user ---

check 'root has no session of another' run root 125 --connect qemu:///session
check 'which is said' says root 'only the user whose session it is can check it'

for folder in home run config; do
    mkdir -p "/run/user/$folder" && chown 65534:65534 "/run/user/$folder" && chmod 700 "/run/user/$folder"
done
as=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/run/user/home XDG_RUNTIME_DIR=/run/user/run XDG_CONFIG_HOME=/run/user/config
    XDG_CACHE_HOME=/run/user/home/.cache LIBVIRT_AUTOSTART=0)
if "${as[@]}" unshare -U true 2>/dev/null; then
    check 'a session without a daemon' run none 125 --connect qemu:///session
    check 'which is said, with what starts it' says none "qemu:///session: the daemon cannot be reached; 'virsh -c qemu:///session version' starts it ("
    check 'the daemon of a user starts' begin /run/user/run/libvirt/libvirt-sock libvirtd
    check 'it is fresh' run fresh 0 --connect qemu:///session
    check 'which is said' grep -q '^/usr/.*: fresh: libvirt says what a fresh probe says$' fresh.txt
    check 'a change that cannot be seen' hide_change qemu:///session
    check 'a user is told' run stale 1 --connect qemu:///session
    check 'the difference' says_line stale '    video modelType qxl'
    check 'the cause' says stale '(mtime-kept)'
    # shellcheck disable=SC2016  # as it is printed
    check 'the cure is what a user may do' says stale '  cure:  pkill -u $(id -u) -x libvirtd; rm -f '\''/run/user/home/.cache/libvirt/qemu/cache/capabilities/'
    check 'which can be done' "${as[@]}" bash -c "$(sed -n 's/^  cure:  //p' stale.txt)"
    check 'the daemon ends of it' timeout 60 tail --pid="$daemon" -f /dev/null
    { kill -9 "$daemon"; wait "$daemon"; } 2>/dev/null
    check 'the daemon of a user starts again' begin /run/user/run/libvirt/libvirt-sock libvirtd
    check 'it is right again' run cured 0 --connect qemu:///session
    # The user's settings count: without descriptors of firmware, one of them lists firmware in answers.
    kill "$daemon" && wait "$daemon"
    rm -rf /usr/share/qemu/firmware
    mkdir -p /run/user/config/libvirt
    printf 'nvram = [ "%s:%s" ]\n' "$CAPPROBE" "$CAPPROBE" >/run/user/config/libvirt/qemu.conf
    chown -R 65534:65534 /run/user/config
    check 'the daemon of a user starts, with settings' begin /run/user/run/libvirt/libvirt-sock libvirtd
    check 'a fresh probe has them, too' run settings 0 --connect qemu:///session
    kill "$daemon" && wait "$daemon"
    undo_change
else
    skip 'the daemon of an ordinary user' 'no user namespaces are allowed here'
fi
as=()

# --- the modular daemons ---

modular=$SOURCE/build/libvirt-9.0.0-modular/modular
if [[ ! -x $modular/virtqemud ]]; then
    skip 'modular daemons' "there is no $modular/virtqemud; scripts/build-libvirt modular makes it"
    done_testing
    exit
fi
proxy='qemu+unix:///system?socket=/run/libvirt/libvirt-sock'
check 'virtqemud starts' begin /run/libvirt/virtqemud-sock "$modular/virtqemud"
driver=$daemon
check 'it is fresh' run fresh 0
check 'there is no proxy' run no-proxy 125 --connect "$proxy"
check 'which is named' says no-proxy "$proxy: the daemon cannot be reached; 'systemctl start virtproxyd' starts it ("
check 'virtproxyd starts' begin /run/libvirt/libvirt-sock "$modular/virtproxyd"
check 'it is fresh through the proxy' run fresh-proxy 0 --connect "$proxy"
check 'a change that cannot be seen' hide_change qemu:///system
check 'virtqemud is stale' run stale 1
check 'which is said' says_line stale '    video modelType qxl'
check 'it is stale through the proxy' run stale-proxy 1 --connect "$proxy"
check 'which is said in the same words' diff stale.txt stale-proxy.txt
undo_change
mv "$MODULES" "$MODULES.away"
check 'the module directory is missing' run directory 1 --connect "$proxy"
check 'what is restarted is not the proxy' says directory '  cure:  systemctl stop virtqemud && rm -f '
mv "$MODULES.away" "$MODULES"
kill -STOP "$driver"
check 'a daemon that hangs behind the proxy' run hang 125 --connect "$proxy" --deadline 3s
check 'which is said' says hang "$proxy: the daemon does not answer: "
kill -CONT "$driver"
kill "$daemon" "$driver"
wait "$daemon" "$driver"
check 'no process is left' bash -c 'for i in 1 2 3; do pgrep -l "qemu-system|capprobe" || exit 0; done; exit 1'

done_testing
