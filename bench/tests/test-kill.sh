#!/usr/bin/env bash
# kill -9 of any of our processes at any moment leaves no process behind, and the host as it was; the history that is left
# can be judged. Ctrl-C keeps what was measured. FAULTS names the folder with the faulty libvirts, ROUNDS how often to kill
# (default 200), SEED the random moments.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/make-tree.sh
source "${0%/*}/make-tree.sh"
cd "$scratch" || exit 99

RANDOM=${SEED:=$$}
echo "# SEED=$SEED"

# The PID namespaces of our sandboxes, each with a descriptor that keeps its number from being given to another one.
declare -A namespaces=()

# PROCESS: sets `victims` to the process and everything below it.
find_victims() {
    local i file children
    victims=("$1")
    for ((i = 0; i < ${#victims[@]}; i++)); do
        for file in /proc/"${victims[i]}"/task/*/children; do
            # The file has no newline at its end.
            read -ra children 2>/dev/null <"$file"
            victims+=("${children[@]}")
        done
    done
}

# Remembers the PID namespaces of the victims, except for the one of this test.
remember_namespaces() {
    local path number descriptor
    while read -r path number; do
        [[ $number != "$own_namespace" && ! ${namespaces[$number]-} ]] || continue
        { exec {descriptor}<"/proc/$path"; } 2>/dev/null || continue
        # It may be another process by now; what is held is what counts.
        number=$(readlink "/proc/$BASHPID/fd/$descriptor")
        namespaces[$number]=$descriptor
    done < <(cd /proc && find "${victims[@]/%//ns/pid}" -maxdepth 0 -printf '%p %l\n' 2>/dev/null)
}
own_namespace=$(readlink /proc/self/ns/pid)

forget_namespaces() {
    local descriptor
    for descriptor in "${namespaces[@]}"; do
        exec {descriptor}<&-
    done
    namespaces=()
}

# Prints our processes, one per line: those that run a program of this test, and whatever is in one of our namespaces.
# A process that has ended, and only waits for the host's init to notice, is not one of them.
strays() {
    local namespace process stat ours=(-lname "$scratch/*")
    for namespace in "${!namespaces[@]}"; do
        # As a pattern: pid:\[4026531836\]
        namespace=${namespace/[/\\[}
        ours+=(-o -lname "${namespace/]/\\]}")
    done
    find /proc/[0-9]*/exe /proc/[0-9]*/ns/pid -maxdepth 0 \( "${ours[@]}" \) -printf '%p\n' 2>/dev/null | cut -d / -f 3 | sort -u |
        while read -r process; do
            read -r stat 2>/dev/null <"/proc/$process/stat" && [[ $stat != *') Z '* ]] && printf '%s\n' "$process"
        done
}

# The kernel ends the processes of a sandbox a moment after its init.
no_strays() {
    local tries left
    for ((tries = 0; tries < 100; tries++)); do
        [[ -z $(strays) ]] && forget_namespaces && return
        read -rt 0.05 <>"$scratch/never" || true
    done
    mapfile -t left < <(strays)
    ps -o pid,ppid,args -p "${left[*]}" | sed 's/^/# /'
    kill -9 "${left[@]}"
    forget_namespaces
    return 1
}

host_digest() {
    find /usr/lib*/qemu* /usr/lib/*-linux-gnu/qemu /usr/libexec/qemu* /var/cache/libvirt /var/lib/libvirt /run/libvirt \
        -printf '%p %m %U %G %s %T@ %C@\n' 2>/dev/null | sort | sha256sum
    cat /usr/lib*/qemu*/*.so /usr/lib/*-linux-gnu/qemu/*.so 2>/dev/null | sha256sum
    grep -c capprobe /proc/self/mountinfo
    # The other names are those of unit tests.
    find /tmp /run -maxdepth 1 -name "*capprobe*" ! -name "capprobe-test-*" 2>/dev/null | sort
    # Loop devices of files that are in a sandbox or belong to this test.
    cat /sys/block/loop*/loop/backing_file 2>/dev/null | grep -e capprobe -e "$scratch"
    tree_digest tree
}

# Starts a run of many rounds, and kills one of its processes after so many milliseconds.
strike() {
    local moment=$1 ours victim victims
    shift
    "$scratch/capprobe" bench --rounds 1000 --kvm absent --deadline 10s --output out/result.json --history out/history.jsonl "$@" >/dev/null 2>&1 &
    ours=$!
    read -rt "$(printf '0.%03d' "$moment")" <>"$scratch/never" || true
    find_victims "$ours"
    remember_namespaces
    victim=${victims[RANDOM % ${#victims[@]}]}
    kill -9 "$victim" 2>/dev/null
    # If it was a client or an emulator, the run goes on.
    kill -9 "$ours" 2>/dev/null
    wait "$ours" 2>/dev/null
    no_strays || { echo "# process $victim of $ours after $moment ms" && return 1; }
}

mkfifo never
chmod 755 "$scratch"
make_tree tree
mkdir out fast tree/fast
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
cp "$FAULTS/libvirt-refuse.so" fast/libvirt.so.0
cp fast/libvirt.so.0 tree/fast
printf 'start\nprime\nremove hw-display-qxl\nread\n' >fast.scn
printf 'run! rm -r /usr/share\nstart\nprime\n' >command.scn
before=$(host_digest)

# Somebody else's emulator, in a PID namespace of its own, which is none of our business.
cp "$(command -v sleep)" "$scratch/../qemu-system-of-somebody.$$"
# It ends with this test, however that ends.
setpriv --pdeathsig KILL unshare -m -p -f --kill-child "$scratch/../qemu-system-of-somebody.$$" infinity </dev/null >/dev/null 2>&1 &
somebody=$!

daemons=(embed)
((EUID != 0)) || ! command -v libvirtd >/dev/null || daemons=(session libvirtd)
rounds=${ROUNDS:-200}
survived=0
for ((i = 0; i < rounds; i++)); do
    # A quarter with the real libvirt and its emulators, the rest with a libvirt with which rounds are short: of these a third
    # with two variants, which means two sandboxes, and a third on a tree.
    if ((i % 4 == 0)); then
        # Of these a third on a tree, which a command changes, and a third with daemons.
        options=()
        ((i % 12)) || options=(--tree tree --scenario command.scn)
        ((i % 12 != 4)) || options=(--target "${daemons[RANDOM % ${#daemons[@]}]}")
        strike $((RANDOM % 900)) --scenario "$CORPUS/scenarios/remove-add.scn" "${options[@]}" || break
    elif ((i % 4 == 1)); then
        strike $((RANDOM % 150)) --scenario fast.scn --libvirt fast --libvirt fast || break
    elif ((i % 4 == 2)); then
        strike $((RANDOM % 150)) --scenario fast.scn --tree tree --libvirt /fast || break
    else
        strike $((RANDOM % 150)) --scenario fast.scn --libvirt fast || break
    fi
    ((++survived))
done
check "kill -9 at $rounds random moments leaves no process" test "$survived" = "$rounds"
check "somebody else's emulator still runs" kill -0 "$somebody"
{ kill -9 "$somebody"; wait "$somebody"; } 2>/dev/null
rm "$scratch/../qemu-system-of-somebody.$$"
check 'no file is left but the history' test -z "$(find out -mindepth 1 ! -name history.jsonl)"
# The last kill that left one; most leave it before a round was complete.
cut_off() {
    local status=0
    [[ ! -e out/history.jsonl ]] || "$CAPPROBE" judge out/history.jsonl || status=$?
    ((status == 0 || status == 1 || status == 125))
}
check 'what is left of the history can be judged' cut_off
rm -f out/history.jsonl
check 'the host is as it was' test "$(host_digest)" = "$before"

# Ctrl-C as a terminal sends it, to the whole process group; here, when some rounds are complete.
interrupt() {
    local ours
    setsid "$scratch/capprobe" bench --rounds 100 --scenario fast.scn --libvirt fast --output out/result.json --history out/history.jsonl >out/table 2>progress &
    ours=$!
    until grep -q '^round 12 ' progress 2>/dev/null || ! kill -0 "$ours"; do
        read -rt 0.01 <>never || true
    done
    kill -INT -- "-$ours"
    wait "$ours"
}
check_exit 'the exit status of Ctrl-C' 130 interrupt
check 'what was measured so far is kept' jq -e '.error == "interrupted" and .scenarios[0].rounds > 0' out/result.json
check 'it is shown' grep -q '^fast ' out/table
check 'it can be judged again' bash -c '"$CAPPROBE" judge out/history.jsonl >judged; (($? == 130)) && grep -q interrupted judged'
check 'no process is left' no_strays

done_testing
