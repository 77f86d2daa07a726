#!/usr/bin/env bash
# kill -9 of any of our processes at random moments leaves nothing behind, and the host as it was; Ctrl-C leaves what was measured.
# FAULTS names the folder with the faulty libvirts. ROUNDS says how often (default 200), SEED which moments.
# shellcheck disable=SC2016  # the commands are for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

RANDOM=${SEED:=$$}
echo "# SEED=$SEED"
own_namespace=$(readlink /proc/self/ns/pid)

# Our processes by their programs, one a line; an emulator is ours where its PID namespace is another.
strays() {
    local program process
    find /proc -maxdepth 2 -name exe \( -lname "$scratch/*" -o -lname '*/qemu-system-*' -o -lname '/run/capprobe/*' \) 2>/dev/null |
        while read -r program; do
            process=${program%/exe}
            [[ $(readlink "$process/ns/pid") == "$own_namespace" && $(readlink "$program") != "$scratch"/* ]] || printf '%s\n' "${process##*/}"
        done
}

# The kernel ends a sandbox of itself, a moment after we saw our process go.
no_strays() {
    local tries left
    for ((tries = 0; tries < 100; tries++)); do
        [[ -z $(strays) ]] && return
        read -rt 0.05 <>"$scratch/never" || true
    done
    mapfile -t left < <(strays)
    ps -o pid,ppid,args -p "${left[*]}" | sed 's/^/# /'
    kill -9 "${left[@]}"
    return 1
}

host_digest() {
    find /usr/lib*/qemu* /usr/lib/*-linux-gnu/qemu /usr/libexec/qemu* /var/cache/libvirt /var/lib/libvirt /run/libvirt \
        -printf '%p %m %U %G %s %T@ %C@\n' 2>/dev/null | sort | sha256sum
    cat /usr/lib*/qemu*/*.so /usr/lib/*-linux-gnu/qemu/*.so 2>/dev/null | sha256sum
    grep -c capprobe /proc/self/mountinfo
    find /tmp /run -maxdepth 1 -name "*capprobe*" 2>/dev/null
}

# A process below ours, or ours itself: the runner, the sandbox's init, a client, an emulator.
pick() {
    local all=("$1") i=0
    while ((i < ${#all[@]})); do
        mapfile -t -O "${#all[@]}" all < <(pgrep -P "${all[i]}")
        ((++i))
    done
    printf '%s' "${all[RANDOM % ${#all[@]}]}"
}

# Starts a run of many rounds, and kills one of its processes after so many milliseconds.
strike() {
    local moment=$1 ours victim
    shift
    "$scratch/capprobe" bench --rounds 1000 --kvm absent --deadline 10s --output out/result.json --history out/history.jsonl "$@" >/dev/null 2>&1 &
    ours=$!
    read -rt "$(printf '0.%03d' "$moment")" <>"$scratch/never" || true
    victim=$(pick "$ours")
    kill -9 "$victim" 2>/dev/null
    # Where it was a client or an emulator, the run goes on.
    kill -9 "$ours" 2>/dev/null
    wait "$ours" 2>/dev/null
    no_strays || { echo "# process $victim of $ours after $moment ms" && return 1; }
}

mkfifo never
mkdir out fast
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
cp "$FAULTS/libvirt-refuse.so" fast/libvirt.so.0
printf 'start\nprime\nremove hw-display-qxl\nread\n' >fast.scn
before=$(host_digest)

rounds=${ROUNDS:-200}
survived=0
for ((i = 0; i < rounds; i++)); do
    # A quarter on the real libvirt with emulators in flight; the rest where rounds follow one another fast.
    if ((i % 4 == 0)); then
        strike $((RANDOM % 900)) --scenario "$CORPUS/scenarios/remove-add.scn" || break
    else
        strike $((RANDOM % 150)) --scenario fast.scn --libvirt fast || break
    fi
    ((++survived))
done
check "kill -9 at $rounds random moments leaves no process" test "$survived" = "$rounds"
check 'no file is left' test -z "$(ls -A out)"
check 'the host is as it was' test "$(host_digest)" = "$before"

# Ctrl-C, as a terminal sends it: to the whole process group, here when the first round has ended.
interrupt() {
    local ours
    setsid "$scratch/capprobe" bench --rounds 1000 --scenario fast.scn --libvirt fast --output out/result.json --history out/history.jsonl >out/table 2>progress &
    ours=$!
    until grep -q '^round 2' progress 2>/dev/null || ! kill -0 "$ours"; do
        read -rt 0.01 <>never || true
    done
    kill -INT -- "-$ours"
    wait "$ours"
}
check_exit 'Ctrl-C is told by the exit status' 130 interrupt
check 'what was measured so far is kept' jq -e '.error == "interrupted" and .scenarios[0].rounds > 0' out/result.json
check 'and shown' grep -q '^fast ' out/table
check 'and can be judged again' bash -c '"$CAPPROBE" judge out/history.jsonl >judged; (($? == 130)) && grep -q interrupted judged'
check 'no process is left of it' no_strays

done_testing
