#!/usr/bin/env bash
# libvirt as its users reach it: the embedded driver, the daemon of an ordinary user, and the daemons of the system. What becomes of a
# daemon that dies, hangs or does not start. SOURCE names the folder of the repository, whose build/ may have modular daemons.
# shellcheck disable=SC2016  # the commands are for jq, or for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
here=$(realpath "${0%/*}")
cd "$scratch" || exit 99
chmod 755 "$scratch"

if ((EUID != 0)) || ! command -v libvirtd >/dev/null; then
    skip 'targets with daemons' 'not root, or libvirtd is missing'
    done_testing
    exit
fi

printf 'start\nread\nread\nremove hw-display-qxl\nread\nadd hw-display-qxl\nrestart\nread\n' >real.scn
check_exit 'three targets side by side' 0 "$CAPPROBE" bench --scenario real.scn --rounds 2 --kvm absent --deadline 60s \
    --target embed --target session --target libvirtd --output real.json --history real.jsonl
check 'all reads are fresh, and each target refreshes as often as the others' jq -e \
    '.scenarios | map(.variant) == ["embed", "session", "libvirtd"] and
        all(.[]; .rounds == 2 and .reads.fresh == 8 and .refreshes.needed == 6 and .emulators_started == 6)' real.json
check 'all answer the same' jq -se \
    '[.[] | select(.type == "truth" and .pass == 1)] | group_by(.variant) | map(map(.answer) | length) | unique == [2]' real.jsonl
check 'the result names each target' jq -e '[.variants[].environment.target] == ["embed", "session", "libvirtd"]' real.json
check 'the time of daemons counts as that of libvirt' jq -e '.harness.overhead_ratio >= 1 and .harness.overhead_ratio < 1.5' real.json
check_exit 'the history alone gives the same result' 0 "$CAPPROBE" judge real.jsonl --output judged.json
check 'which it does' cmp real.json judged.json

check_exit 'every step that concerns processes' 0 "$CAPPROBE" replay "$here/every-daemon-step.scn" --kvm absent --target libvirtd
# What a daemon makes for itself is not a change of the host, of which nobody knows what is true.
printf 'start\nprime\nrun touch /usr/share/qemu/new\nread\nexpect verdict fresh\n' >command.scn
check_exit 'a command beside a daemon' 0 "$CAPPROBE" replay command.scn --kvm absent --target libvirtd
printf 'start\nprime\nidle-exit\nread\n' >idle.scn
check_exit 'a target without daemons cannot be idle' 125 "$CAPPROBE" replay idle.scn --kvm absent
printf 'start\nprime\nswitch-target session\nread\n' >switch.scn
check_exit 'a target with another cache cannot be switched to' 125 "$CAPPROBE" replay switch.scn --kvm absent --target libvirtd --history switch.jsonl
check 'which the host lacks' jq -se 'any(.type == "skip" and .needs == 1 and (.error | contains("another cache")))' switch.jsonl
printf 'start\nswitch-target nobody\nread\n' >nobody.scn
check 'a target that does not exist' refuses "nobody.scn:2:15: 'nobody' is not a target, expected embed, session" "$CAPPROBE" replay nobody.scn

# FOLDER: a libvirt that is the installed one, except for the daemon, which is the script on standard input.
make_libvirt() {
    local library
    mkdir "$1"
    library=$(ldd "${CAPPROBE%/*}/capprobe-client" | sed -n 's,.*libvirt\.so\.0 => \([^ ]*\).*,\1,p')
    ln -s "$library" "${library%/*}"/libvirt/connection-driver/*.so "$1"
    cat >"$1/libvirtd"
    chmod 755 "$1/libvirtd"
}

# NAME STATUS FILTER OPTION...: the run ends with this status, and all events of its history, as an array, pass the filter.
replay() {
    local name=$1 status=$2 filter=$3
    shift 3
    has_exit "$status" "$CAPPROBE" replay "$name.scn" --kvm absent --target libvirtd --history "$name.jsonl" "$@" && jq -es "$filter" "$name.jsonl"
}

real=$(command -v libvirtd)
make_libvirt dies <<<$'#!/bin/sh\necho some reason >&2\nexit 3'
make_libvirt hangs <<<$'#!/bin/sh\nexec sleep infinity'
make_libvirt crashes <<<$'#!/bin/sh\nkill -SEGV $$'
make_libvirt leaves <<END
#!/bin/sh
# It is not the first on this host: the socket of the one before is there.
[ -e /run/libvirt/libvirt-sock ] || { mkdir -p /run/libvirt && touch /run/libvirt/libvirt-sock; }
exec $real "\$@"
END
# SETTING: the daemon with one setting more. Its second argument is the file with the settings.
with_setting() {
    printf '#!/bin/sh\n{ echo '\''%s'\''; cat "$2"; } >/run/capprobe/tmp/settings\nexec %s --config /run/capprobe/tmp/settings\n' "$1" "$real"
}
make_libvirt elsewhere < <(with_setting 'unix_sock_dir = "/run"')
printf 'start\nread\n' >one.scn
check 'a daemon that does not start' replay one 1 \
    '[.[] | select(.type == "truth" and .pass == 1)] | length == 1 and .[0].lost == "libvirt could not be opened: libvirtd ended with status 3 (some reason)"' --libvirt dies
check 'a daemon that is never ready' replay one 1 \
    '[.[] | select(.type == "truth" and .pass == 1)] | .[0].lost == "libvirt could not be opened: libvirtd was not ready within 1.00 s"' --libvirt hangs --deadline 1s
check 'a daemon that crashes' replay one 1 \
    '[.[] | select(.type == "truth" and .pass == 1)] | .[0].lost == "libvirt could not be opened: libvirtd died: Segmentation fault"' --libvirt crashes
check 'a daemon whose socket cannot be reached' replay one 125 \
    'any(.[]; (.error // "") | contains("Failed to connect socket"))' --libvirt elsewhere
check 'a socket that another daemon has left' replay one 0 'any(.type == "read" and has("answer"))' --libvirt leaves
# The client itself needs far less.
check 'the CPU time of the daemon is that of libvirt' jq -se 'any(.type == "read" and .libvirt_user_ns + .libvirt_system_ns >= 10000000)' one.jsonl

# The process is a child of the sandbox's init, and so the command reaches it; the next round has a new one.
printf 'needs command pkill\nstart\nread {\n    when-opened hw-display-qxl\n    run! pkill -9 libvirtd\n}\nread\n' >killed.scn
check 'a daemon that is killed during a probe: failed, and the next is another' replay killed 1 \
    '[.[] | select(.type == "read")] | length == 2 and (.[0].lost | startswith("libvirtd died: Killed")) and (.[1] | has("answer"))'
printf 'needs command pkill\nstart\nprime\nrun! pkill -STOP libvirtd\nread\nread\n' >stopped.scn
check 'a daemon that hangs: failed at the deadline, and the next is another' replay stopped 1 \
    '[.[] | select(.type == "read")] | length == 3 and .[1].lost == "no answer within 10.0 s" and (.[2] | has("answer"))' --deadline 10s

refused() {
    local message
    message=$("$CAPPROBE" replay one.scn "$@" 2>&1)
    (($? == 125)) && [[ $message == *'scripts/build-libvirt daemons'* && $(wc -l <<<"$message") == 1 ]]
}
command -v virtqemud >/dev/null || check 'a daemon that is not installed' refused --target virtqemud
check 'a build without this daemon' refused --libvirt dies --target virtqemud

modular=$SOURCE/build/libvirt-9.0.0-modular/modular
if [[ -x $modular/virtqemud ]]; then
    check_exit 'modular daemons' 0 "$CAPPROBE" bench --scenario real.scn --rounds 1 --kvm absent --libvirt "$modular" \
        --target virtqemud --target virtproxyd --target virtproxyd-tcp --output modular.json
    check_exit 'a command beside modular daemons' 0 "$CAPPROBE" replay command.scn --kvm absent --libvirt "$modular" --target virtproxyd
    check_exit 'from one daemon to many and back' 0 "$CAPPROBE" replay "$CORPUS/scenarios/daemons-alternate.scn" --kvm absent --libvirt "$modular" --target libvirtd
    check 'all reads are fresh' jq -e '.scenarios | length == 3 and all(.[]; .reads.fresh == 4 and .refreshes.needed == 3)' modular.json
else
    skip 'modular daemons' "there is no $modular; scripts/build-libvirt modular makes it"
fi

done_testing
