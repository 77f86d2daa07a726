#!/usr/bin/env bash
# The sandbox: what a command in it can see and change, as root and as an ordinary user, and how it ends.
# shellcheck disable=SC2016  # the commands are for a shell in the sandbox
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
chmod 755 "$scratch"
cd "$scratch" || exit 99
# shellcheck disable=SC2153  # meson sets CAPPROBE
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
program=$scratch/capprobe
moddir=$("$program" doctor | sed -n 's/^ok .* modules in //p')
mkdir own for-all
chmod 777 for-all
mkfifo never
: >inherited

# COMMAND...: what the command prints, without a newline at the end, is $expected.
prints() {
    local expected=$1 printed
    shift
    printed=$("$@" </dev/null 2>&1)
    printf '%s\n' "$printed"
    [[ $printed == "$expected" ]]
}

# NAME EXPECTED [OPTION]... -- SCRIPT: the script, in the sandbox of the current $user, prints EXPECTED.
inside() {
    local name=$1 expected=$2 options=()
    shift 2
    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    check "$who: $name" prints "$expected" "${user[@]}" "$program" sandbox "${options[@]}" -- sh -c "$2" sh "$moddir"
}

check_sandbox() {
    local uid
    uid=$("${user[@]}" id -u)
    inside 'the user stays the same' "$uid" -- 'id -u'
    if [[ $uid == 0 ]]; then
        inside 'everything can be changed' "$(id -u):changed" -- 'touch /var/tmp/'"${scratch##*/}"' && echo x >>/etc/passwd && mv /usr/share /usr/moved && test -e /usr/moved/doc && rm /usr/bin/env && echo $(id -u):changed'
        check "$who: and nothing of it is changed on the host" bash -c '[[ ! -e /var/tmp/$1 && -d /usr/share && ! -e /usr/moved && -x /usr/bin/env ]] && ! grep -x x /etc/passwd' bash "${scratch##*/}"
        inside 'what was there before can be read' "$(head -n 1 /etc/passwd)" -- 'rm /etc/passwd && head -n 1 /run/capprobe/tree/etc/passwd'
        inside 'which nobody can change' failed -- 'touch /run/capprobe/tree/etc/passwd 2>/dev/null || echo failed'
        inside 'other file systems are read-only' failed -- 'touch /sys/x 2>/dev/null || echo failed'
        inside '--plain: the host is read-only' failed --plain -- 'touch /var/tmp/x 2>/dev/null || echo failed'
    else
        inside 'the host is read-only' failed -- 'touch /var/tmp/x 2>/dev/null || echo failed'
    fi
    inside '/run is private' capprobe -- 'ls /run'
    inside '/dev has no device but the needed ones' 'fd full null random shm tty urandom zero' --kvm absent -- 'echo $(ls /dev)'
    inside '/proc shows the sandbox only' capprobe -- 'cat /proc/1/comm'
    inside 'libvirt has a private folder' '' -- 'touch /var/lib/libvirt/x && ls /var/lib/libvirt | grep -v x'
    inside 'the module directory is a private copy' 'gone' -- 'rm "$1"/hw-display-qxl.so && test ! -e "$1"/hw-display-qxl.so && echo gone'
    inside 'which has all modules' "$(ls "$moddir")" -- 'ls "$1"'
    inside 'the emulator is a private copy' 'changed' --emulator /usr/bin/true -- 'echo x >>/usr/bin/true && echo changed'
    inside "the kernel's settings are read-only" 'failed' -- '{ echo 0 >/proc/sys/vm/overcommit_memory || echo failed; } 2>/dev/null'
    inside 'no mount becomes writable' 'failed' -- 'mount -o remount,bind,rw / 2>/dev/null || echo failed'
    inside 'no device node can be made' 'failed' -- 'mknod /run/capprobe/tmp/disk b 8 0 2>/dev/null || echo failed'
    # Root: chown, dac_override, fowner, kill, setgid, setuid, setpcap.
    [[ $uid == 0 ]] && inside 'only the capabilities that libvirt needs are left' 'CapEff: 00000000000001eb' -- 'echo $(grep CapEff /proc/self/status)'
    inside 'no program gives privileges' 'NoNewPrivs: 1' -- 'echo $(grep NoNewPrivs /proc/self/status)'
    inside 'a folder given by --writable is writable' 'for-all/x' --writable for-all -- "cd $scratch/for-all && echo x >x && echo for-all/x"
    check "$who: and what is written there is on the host" test -s for-all/x
    rm -f for-all/x
    inside 'the current folder may be it' 'for-all/y' --writable "$scratch" -- "echo y >for-all/y && echo for-all/y"
    rm -f for-all/y
    inside 'a folder given by --hide is empty' '' --hide /usr/include -- 'ls /usr/include'
    inside '--plain leaves the modules as they are' failed --plain -- 'rm "$1"/hw-display-qxl.so 2>/dev/null || echo failed'
    inside 'a sandbox in it is refused, in one line' 'capprobe: this is a sandbox of capprobe, in which there cannot be another: run this command outside' -- "'$program' sandbox -- true"
    inside 'HOME is writable' x -- 'cd && touch x && ls'
    inside 'libvirt answers' '<domainCapabilities>' -- 'virsh -c "qemu:///embed?root=/run/capprobe/root" domcapabilities 2>/dev/null | head -n 1'
    inside 'a file that is open here is not open there' '0 1 2 3' -- 'echo $(ls /proc/self/fd)' 9<inherited

    check "$who: standard input and output are passed on" prints 'HELLO' bash -c 'echo hello | "$@"' bash "${user[@]}" "$program" sandbox --plain -- tr a-z A-Z
    check_exit "$who: the exit status is the command's" 42 "${user[@]}" "$program" sandbox --plain -- sh -c 'exit 42'
    check_exit "$who: or the signal's" 137 "${user[@]}" "$program" sandbox --plain -- sh -c 'kill -9 $$'
    check_exit "$who: a command that is not there" 127 "${user[@]}" "$program" sandbox --plain -- no-such-command
    check_exit "$who: a command that cannot be executed" 126 "${user[@]}" "$program" sandbox --plain -- /etc/passwd
    check_exit "$who: a deadline ends the command" 125 "${user[@]}" "$program" sandbox --plain --deadline 200ms -- sh -c 'read -r line <'"$scratch/never"
    check_exit "$who: no emulator" 125 "${user[@]}" "$program" sandbox --emulator "$scratch/none" -- true
    check "$who: no command" refuses 'expected a command' "${user[@]}" "$program" sandbox
    check "$who: a folder that is not there" refuses '--writable none: expected a folder' "${user[@]}" "$program" sandbox --writable none -- true
    check "$who: a wrong --kvm" refuses '--kvm none: expected' "${user[@]}" "$program" sandbox --kvm none -- true
    check "$who: --plain and --kvm" refuses '--plain excludes' "${user[@]}" "$program" sandbox --plain --kvm absent -- true
}

who=root user=()
((EUID == 0)) && check_sandbox
who=user
((EUID != 0)) || user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if "${user[@]}" unshare -U true 2>/dev/null; then
    check_sandbox
else
    skip 'as an ordinary user' 'no user namespaces are allowed here'
fi

# Runs a command in a sandbox that says when it runs and then waits; prints the process ID of capprobe and of the init.
start_waiting() {
    rm -f said
    mkfifo pause 2>/dev/null
    "$program" sandbox --plain -- sh -c 'echo runs; exec cat' <never >said 2>&1 9<inherited &
    ours=$!
    exec {hold}>never
    until [[ -s said ]]; do
        kill -0 "$ours" || return
        read -rt 0.01 <>pause || true
    done
    init=$(pgrep -P "$ours")
}

dies_with_us() {
    start_waiting || return
    kill -9 "$ours"
    wait "$ours" 2>/dev/null
    # The kernel kills the init while we go on; the namespace's last process takes the pipe's reading end with it.
    until ! kill -0 "$init" 2>/dev/null; do
        read -rt 0.01 <>pause || true
    done
    exec {hold}>&-
}

# The init has only what it needs: nothing that was open when capprobe began.
init_has_no_inherited_file() {
    start_waiting || return
    local links
    links=$(readlink "/proc/$init/fd/"*)
    kill -9 "$ours"
    wait "$ours" 2>/dev/null
    exec {hold}>&-
    printf '%s\n' "$links"
    ! grep -qx "$scratch/inherited" <<<"$links"
}

check 'if capprobe dies, so does the command' dies_with_us
check 'the init has no file that is open here' init_has_no_inherited_file

done_testing
