#!/usr/bin/env bash
# capprobe check, on a real libvirtd that is made stale on purpose.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/live-host.sh
source "${0%/*}/live-host.sh"
live=no
((EUID != 0)) || ! live_host_enter || live=yes
cd "$scratch" || exit 99

check '--format with a wrong value' refuses '--format xml: expected text, json, nagios or prometheus' "$CAPPROBE" check --format xml
for uri in qemu+ssh://a/system qemu+tcp://127.0.0.1/system; do
    check "through a network: $uri" refuses "--connect $uri: expected a daemon of this host by its UNIX socket: qemu:///system, qemu:///session, or qemu+unix:///system?socket=PATH; a daemon that is reached through a network is checked on its own host" "$CAPPROBE" check --connect "$uri"
done
check 'another driver' refuses '--connect qemu:///embed?root=/x: expected a daemon of this host by its UNIX socket' "$CAPPROBE" check --connect 'qemu:///embed?root=/x'
check 'all emulators, and one' refuses '--all-emulators excludes --emulator' "$CAPPROBE" check --all-emulators --emulator x

# NAME STATUS OPTION...: leaves NAME.txt, which has standard error, too.
run() {
    local name=$1 wanted=$2 status=0
    shift 2
    timeout --foreground 60 "$CAPPROBE" check "$@" >"$name.txt" 2>&1 || status=$?
    cat "$name.txt"
    ((status == wanted)) || { printf 'exit status %d, expected %d\n' "$status" "$wanted" && return 1; }
}
says() { grep -F -- "$2" "$1.txt"; }
says_line() { grep -xF -- "$2" "$1.txt"; }

rootless=()
((EUID != 0)) || rootless=(setpriv --reuid=65534 --regid=65534 --clear-groups)
chmod 755 .
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
no_right() {
    local status=0
    "${rootless[@]}" ./capprobe check >right.out 2>right.txt || status=$?
    cat right.out right.txt
    ((status == 125)) && [[ ! -s right.out && $(wc -l <right.txt) == 1 ]]
}
check 'an ordinary user has no right' no_right
check 'which is said, with what to do' says right 'only root can check: libvirt tells domain capabilities on read-write connections alone'
if [[ $live == no ]]; then
    done_testing
    exit
fi

check 'no daemon' run none 125
check 'which is said, with what to do' says none "qemu:///system: the daemon cannot be reached; 'systemctl start libvirtd' starts it ("
check 'a monitoring system is told, too' run nagios-none 3 --format nagios --exit nagios
check 'in one line' says nagios-none 'CAPPROBE UNKNOWN: qemu:///system: the daemon cannot be reached'

# The settings of the daemon count: without descriptors of firmware, one of them lists firmware in answers.
rm -rf /usr/share/qemu/firmware
: >code.fd
: >vars.fd
printf 'nvram = [ "%s:%s" ]\n' "$PWD/code.fd" "$PWD/vars.fd" >>/etc/libvirt/qemu.conf
check 'the daemon starts' daemon_start
check 'with its settings' bash -c 'virsh -c qemu:///system domcapabilities | grep "<value>$PWD/code.fd</value>"'

# All that check could change. The daemon's own files are those of another process.
sums() {
    find /usr/lib /etc/libvirt /var/cache/libvirt /var/lib/libvirt /var/log/libvirt -path '*/qemu*' -printf '%p %s %m %u %T@ %C@\n' | sort | sha256sum
    find "$MODULES" /etc/libvirt /var/cache/libvirt /var/lib/libvirt -type f -exec sha256sum {} + | sort | sha256sum
}
# On a host on which nothing can be written to any mount.
run_read_only() {
    unshare -m bash -c '
        # A mount that another one covers cannot be changed, and need not be.
        for mount in $(cut -d " " -f 5 /proc/self/mountinfo | sort -u); do
            mount -o remount,bind,ro "$mount" 2>/dev/null
        done
        for folder in "$@" /var/cache/libvirt /var/lib/libvirt /var/log/libvirt /etc /run /dev /tmp /usr; do
            ! touch "$folder/x" 2>/dev/null || exit 99
        done
        exec "$CAPPROBE" check' sh "$MODULES" >read-only.txt 2>&1
}
sums >before
check 'a fresh host, read-only' run_read_only
check 'is said to be fresh' grep -q '^/usr/.*: fresh: libvirt says what a fresh probe says$' read-only.txt
check 'nothing else is said' test "$(wc -l <read-only.txt)" = 1
sums >after
check 'nothing has changed' cmp before after

# A module is taken away, and the time of its directory put back.
touch -d @1000000000 "$MODULES"
virsh -c qemu:///system domcapabilities >/dev/null
mv "$MODULES/hw-display-qxl.so" away.so
touch -d @1000000000 "$MODULES"
sums >before
check 'a stale answer' run stale 1
check 'the difference' says_line stale '    video modelType qxl'
check 'in the right direction' says_line stale '  said, but not true:'
check 'the cause' says stale '(mtime-kept)'
check 'the cure' says_line stale "  cure:  touch '$MODULES'"
sums >after
check 'nothing has changed then, either' cmp before after
check 'a monitoring system is told' run nagios 2 --format nagios --exit nagios
check 'in one line' grep -q "^CAPPROBE CRITICAL: /usr/.* is stale, cure: touch .* | 'emulators'=1;;;0 'stale'=1;;0;0 " nagios.txt
cure() { bash -c "$(sed -n 's/^  cure:  //p' stale.txt)"; }
check 'the cure is carried out' cure
check 'all emulators are fresh then' run all 0 --all-emulators --format prometheus --output metrics.prom
check 'nothing is printed' test ! -s all.txt
check 'each of them is a metric' bash -c '
    virsh -c qemu:///system capabilities | xmllint --xpath "//guest/arch/@name" - | wc -l >architectures
    [[ $(grep -c "^capprobe_check_stale{.*} 0$" metrics.prom) == "$(<architectures)" && $(<architectures) -gt 1 ]]'

check 'a misspelt architecture' run arch 125 --arch x86-64
check 'is not fresh' says arch '  libvirt fails, and a fresh one fails as well: '

# What is on disk only is wrong: nobody notices until the daemon is restarted.
sed -i "s/<flag name='usb-redir'\/>//" "$CACHE"
check 'a document that is stale' run hidden 1 --strict
check 'the answer is right' says hidden ': hidden: libvirt says what a fresh probe says, but keeps something else on disk'
check 'what is wrong' says_line hidden '    flag usb-redir'
rm "$CACHE"
mkdir "$CACHE"
check 'a cache that cannot be read' run unreadable 0
check 'which is said' says unreadable 'what libvirt keeps on disk was not compared: '
rmdir "$CACHE"

# A library goes, and with it what the modules that need it contribute; then all modules.
library=$(ldd "$MODULES/ui-spice-core.so" | sed -n 's/.* => \(.*libspice-server[^ ]*\) .*/\1/p')
touch "$MODULES"
virsh -c qemu:///system domcapabilities >/dev/null
mv "$library" library
check 'a library is missing' run library 1
check 'and is named' says library "the library ${library##*/}, which the module"
mv library "$library"
touch "$MODULES"
virsh -c qemu:///system domcapabilities >/dev/null
mv "$MODULES" "$MODULES.away"
check 'the module directory is missing' run directory 1
check 'which is the cause' says directory '(directory-vanished)'
check 'the cure is stronger then' says directory "  cure:  systemctl stop libvirtd && rm -f '$CACHE' && systemctl start libvirtd"
mv "$MODULES.away" "$MODULES"

kill -STOP "$daemon"
check 'a daemon that hangs' run hang 125 --deadline 3s
check 'which is said' says hang 'qemu:///system: the daemon does not answer: '
kill -CONT "$daemon"
daemon_end

printf 'auth_unix_rw = "sasl"\n' >sasl.conf
check 'a daemon that wants a password starts' daemon_begin "$PWD/sasl.conf"
check 'root has no right either' run denied 125
check 'which is said, with what grants it' says denied 'qemu:///system: no right to open a read-write connection, without which libvirt tells no domain capabilities; auth_unix_rw in /etc/libvirt/libvirtd.conf grants it'
daemon_end
check 'no process is left' bash -c 'for i in 1 2 3; do pgrep -l "qemu-system|capprobe" || exit 0; done; exit 1'

done_testing
