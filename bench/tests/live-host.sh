# shellcheck shell=bash
# shellcheck disable=SC2154  # $scratch is from tap.sh
# A live host for tests: namespaces with a real libvirtd and a first process of their own. To be sourced by root's tests, after tap.sh:
#
#   live_host_enter            starts the test again as the first process of the namespaces, in which /usr can be changed and nothing of
#                              it reaches the host, and in which there is no /dev/kvm. Returns 0 there; 1 if they cannot be made
#   daemon_begin FILE          starts a libvirtd with the settings in FILE, and waits until it has its socket
#   daemon_start, daemon_end   the same with the default settings, and waits for its first answer; ends it
#   MODULES, CACHE             libvirt's module directory; the file in which it keeps what it knows of the default emulator

live_host_test=$(realpath "$0")

live_host_enter() {
    if [[ ${LIVE_HOST-} ]]; then
        # The test outside removes it.
        trap - EXIT
        live_host_make || { printf 'Bail out! the host of the test cannot be made\n' && exit 99; }
        return 0
    fi
    unshare -m true 2>/dev/null || return 1
    # Not exec: the scratch folder, with that of the test inside, is to be removed.
    LIVE_HOST=1 TMPDIR=$scratch unshare --mount --pid --fork --kill-child "$live_host_test"
    exit
}

live_host_make() {
    local folder node
    mount --make-rprivate / && mount -t proc proc /proc || return 1
    # The scratch folder stays writable when the root file system is not any more.
    mount --bind "$scratch" "$scratch" || return 1
    for folder in /run /var/lib/dpkg /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
        mount -t tmpfs -o mode=755 capprobe-test "$folder" || return 1
    done
    cp -a /etc/libvirt /run/etc && mount --bind /run/etc /etc/libvirt || return 1
    mkdir -p /run/upper /run/work /run/dev /var/cache/libvirt/qemu /var/lib/libvirt/qemu
    mount -t overlay -o lowerdir=/usr,upperdir=/run/upper,workdir=/run/work,redirect_dir=on,index=off,metacopy=off capprobe-test /usr || return 1
    mount -t tmpfs -o mode=755 capprobe-test /run/dev || return 1
    mkdir -m 1777 /run/dev/shm && ln -s /proc/self/fd /run/dev/fd
    for node in null zero full random urandom tty; do
        : >"/run/dev/$node" && mount --bind "/dev/$node" "/run/dev/$node" || return 1
    done
    mount --rbind /run/dev /dev && mount -o remount,bind,ro / || return 1
    export TMPDIR=$scratch
    # Each emulator takes time.
    find /usr/bin -name 'qemu-system-*' ! -name qemu-system-x86_64 ! -name qemu-system-i386 -delete
    MODULES=$("$CAPPROBE" doctor 2>/dev/null | grep -o '/[^ ]*/qemu$' | head -n 1)
    [[ -d $MODULES ]]
}

daemon_begin() {
    rm -f /run/libvirt/libvirt-sock
    libvirtd -f "$1" 2>"$scratch/libvirtd.err" &
    daemon=$!
    until [[ -S /run/libvirt/libvirt-sock ]]; do
        kill -0 "$daemon" || return 1
        sleep 0.02
    done
}

daemon_start() {
    daemon_begin /dev/null || return 1
    virsh -c qemu:///system domcapabilities >/dev/null || return 1
    # shellcheck disable=SC2034  # for the test
    CACHE=$(grep -l "<emulator>$(virsh -c qemu:///system domcapabilities | xmllint --xpath 'string(//path)' -)</emulator>" /var/cache/libvirt/qemu/capabilities/*.xml)
}

daemon_end() {
    kill "$daemon"
    wait "$daemon"
}
