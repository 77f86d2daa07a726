#!/usr/bin/env bash
# What the steps `run` and `run!` do, and what becomes of commands that misbehave, on the real libvirt and QEMU.
# shellcheck disable=SC2016  # the commands are for the shell in the sandbox, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/together.sh
source "${0%/*}/together.sh"
cd "$scratch" || exit 99

# NAME STEP...: replays the steps, without KVM since that takes half the time. Leaves NAME.jsonl, the history.
replay() {
    local name=$1
    shift
    printf '%s\n' "$@" >"$name.scn"
    "$CAPPROBE" replay "$name.scn" --kvm absent --deadline 3s --confirm no --history "$name.jsonl"
}

# NAME REASON STEP...: the scenario cannot be tested, for this reason (a regular expression), and the run itself goes well.
left_out() {
    local name=$1 reason=$2 status=0
    shift 2
    replay "$name" "$@" || status=$?
    ((status == 125)) || { echo "exit status $status, expected 125" && return 1; }
    jq -se --arg reason "$reason" '([.[] | select(.type == "skip").error | test($reason)] == [true]) and .[-1].status == 0' "$name.jsonl"
}

# NAME COMMAND-STEP: the read after the step finds that libvirt was killed, the one after that is fresh.
loses_libvirt() {
    local name=$1 status=0
    shift
    replay "$name" start prime "$@" read read || status=$?
    ((status == 1)) || { echo "exit status $status, expected 1" && return 1; }
    jq -se '[.[] | select(.type == "read").lost] | length == 3 and .[0] == null and (.[1] | startswith("the client died: Killed")) and .[2] == null' \
        "$name.jsonl"
}

remove='rm $CAPPROBE_MODULES/hw-display-qxl.so'
together 'a change is made, and noticed' change start prime "run sh -c \"$remove\"" read 'expect lacks modelType qxl'
check 'each round begins anew' bash -c '"$CAPPROBE" bench --scenario change.scn --rounds 2 --kvm absent --confirm no --history twice.jsonl >/dev/null &&
    jq -se "[.[] | select(.type == \"round\").state] | length == 2 and .[0] == .[1]" twice.jsonl'
check_exit 'a change that libvirt misses is stale' 1 replay kept start prime 'run sh -c "touch -d @1 $CAPPROBE_MODULES"' prime \
    "run sh -c \"$remove; touch -d @1 \$CAPPROBE_MODULES\"" read
check 'for a time that the command set stays' jq -se '[.[] | select(.type == "read").emulators] == [1, 1, 0]' kept.jsonl
# While truths are learned, there is no cache.
together 'what is on disk afterwards is noted' cache start prime 'run sh -c "rm -rf $CAPPROBE_CACHE"' restart read 'expect probes 1'
together 'the variables name folders and files' variables start prime \
    'run sh -c "test -d $CAPPROBE_MODULES && test -x $CAPPROBE_EMULATOR && test -n $CAPPROBE_CACHE"' read
# To look at what a command has made can take long, and comes after the first read.
together 'a settle counts from the end of the command' settles start prime \
    "run sh -c \"$remove; truncate -s 100M \$CAPPROBE_MODULES/big\"" 'settle 30s'

together 'arguments may be empty or have blanks' arguments start prime \
    "run sh -c \"IFS=; test \$# = 2 && test x\$1 = x && test \$2 = 'a  b'\" sh \"\" \"a  b\"" read

check 'a status other than 0' left_out status "^status.scn:3:1: 'run': sh ended with status 3: one; two$" \
    start prime 'run sh -c "echo one; echo two >&2; exit 3"' read
check 'only the last lines are told' left_out lines "'run': sh ended with status 1: 9998; 9999; 10000$" start prime 'run sh -c "seq 10000; exit 1"' read
together 'any status will do for run!' allowed start prime 'run! false' 'run! sh -c "kill -9 $$"' read 'expect probes 0'
check 'a command that does not exist' left_out missing "'run': no-such-command: cannot be executed: No such file or directory$" start prime 'run no-such-command' read
check 'nor does it for run!' left_out missing-anyway "'run!': no-such-command: cannot be executed" start prime 'run! no-such-command' read
check 'a command that is killed' left_out killed "'run': sh was killed by signal 15 \(Terminated\)$" start prime 'run sh -c "kill $$"' read
check 'the run goes on with other scenarios' bash -c 'printf "start\nread\n" >other.scn
    "$CAPPROBE" bench --scenario status.scn --scenario other.scn --rounds 1 --kvm absent --confirm no --history both.jsonl >/dev/null
    jq -se "any(.type == \"round-end\") and any(.type == \"skip\" and .scenario == \"status\")" both.jsonl'

check 'a command that hangs' left_out hangs "'run': sleep did not end within 3.00 s$" start prime 'run sleep 1000' read
check 'a command that hangs while libvirt works' left_out hangs-in-read "'run': sleep did not end within 3.00 s$" start 'read {' 'run sleep 1000' '}' read
check 'a command that prints without end' left_out prints "'run': yes did not end within 3.00 s: y; y; y$" start prime 'run yes' read
check 'a command that stops everything' left_out stops "'run!': kill did not end within 3.00 s$" start prime 'run! kill -STOP -1' read

# What a command leaves running is gone when the next step begins.
together 'daemons do not outlive their command' daemons start prime \
    'run sh -c "sleep 1000 & setsid sleep 1000 & (setsid sleep 1000 &) & exit 0"' \
    'run! sh -c "cat /proc/[0-9]*/comm | grep sleep && touch $CAPPROBE_MODULES/daemon"' read 'expect probes 0'
check 'a command that kills libvirt' loses_libvirt kills 'run! sh -c "for p in /proc/[0-9]*; do grep -qs capprobe-client $p/comm && kill -9 ${p#/proc/}; done"'
check 'a command that kills everything' loses_libvirt kills-all 'run! sh -c "kill -9 -1; sleep 0.1"'
check 'a command that kills its supervisor' loses_libvirt kills-supervisor 'run! sh -c "kill -9 $PPID; sleep 1000"'
check_exit 'a command that kills libvirt while it works' 1 replay kills-in-read start 'read {' 'run! sh -c "kill -9 -1"' '}' read
check 'the read is lost' jq -se '[.[] | select(.type == "read") | .lost != null] == [true, false]' kills-in-read.jsonl
check 'a command that fills a file system' left_out fills "'run': dd ended with status 1: .*No space left on device" \
    start prime 'run dd if=/dev/zero of=/run/capprobe/root/cache/full bs=1M status=none' read
together 'there is room for a quarter of the memory' room start prime \
    'run! sh -c "test $(($(df -k --output=size /run | tail -n 1) * 4 / 1000)) -le $(($(grep -o [0-9]* /proc/meminfo | head -n 1) / 999)) || touch $CAPPROBE_MODULES/room"' read 'expect probes 0'
if ((EUID == 0)); then
    check 'a command that fills the root file system' left_out fills-root "'run': fallocate ended with status 1: .*No space left on device" \
        start prime 'run fallocate -l 1T /full' read
    together 'whose room is the same' root-room start prime 'run sh -c "test $(df -k --output=size / | tail -n 1) = $(df -k --output=size /run | tail -n 1)"' read
fi

# libvirt works on while a command runs, and an answer from the middle is neither right nor wrong.
together 'libvirt answers while a command runs' meanwhile start 'read {' 'run sleep 2' '}' read 'expect probes 0'
check_exit 'an answer from within a command is unknown' 125 replay within start 'read {' \
    'run sh -c "cd $CAPPROBE_MODULES; mv hw-display-qxl.so away; sleep 2; mv away hw-display-qxl.so"' '}'

# The command is the host's administrator, but does not reach the host.
if ((EUID == 0)); then
    together 'neither mounts nor device nodes can be made' confined start prime \
        'run! sh -c "mount -t tmpfs x /mnt && touch $CAPPROBE_MODULES/mount"' 'run! sh -c "mknod /dev/x b 8 0 && touch $CAPPROBE_MODULES/node"' read 'expect probes 0'
fi
together 'there is no network' offline start prime 'run sh -c "test $(grep -c : /proc/net/dev) = 1"' read
together 'needs command: one that exists' needs 'needs command sh' start read
check_exit 'needs command: one that does not' 125 replay needs-missing 'needs command no-such-command' start read
check 'needs command: the reason' jq -se 'any(.type == "skip" and .needs == 1 and .error == "this host has no command no-such-command")' needs-missing.jsonl

carry_out_together --deadline 3s
check_events 'it counts as part of the state' change '[.[] | select(.type == "round" or .name == "run") | .state] | length == 2 and .[0] != .[1]'
check_events 'its effect is told' change 'any(.name == "run" and .effect == "any" and .args == ["sh", "-c", "'"$remove"'"])'
check_events 'what is on disk after a command is judged' cache 'first(.[] | select(.name == "run")) | has("document") | not'
check_events 'a settle does not count from the end of a look at the state' settles '(.[] | select(.name == "run").end_ns) as $changed | (.[] | select(.name == "settle").end_ns) as $read |
    .[] | select(.type == "settle") | .begin_ns - $changed < .end_ns - $read'
check_events 'a read is not longer for a command' meanwhile '(.[] | select(.type == "read")) as $first | first(.[] | select(.name == "run")) as $run |
    ([.[] | select(.type == "read")][0] | .end_ns) < $run.end_ns'

done_testing
