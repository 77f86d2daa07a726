#!/usr/bin/env bash
# capprobe watch, on the real libvirt and QEMU: verdicts while a command runs, commands that misbehave, and what is left afterwards.
# shellcheck disable=SC2016  # the commands are for the shell in the sandbox, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

if ((EUID != 0)); then
    check_exit 'only root can change everything' 125 "$CAPPROBE" watch --kvm absent -- true
    done_testing
    exit
fi

# More options for what follows.
options=()

# NAME COMMAND: watches the shell command. Leaves NAME.jsonl, the history, NAME.txt, the time line, and NAME.log.
watch() {
    local name=$1 status=0
    shift
    timeout --foreground 60 "$CAPPROBE" watch --kvm absent --every 100ms "${options[@]}" --history "$name.jsonl" --log "$name.log" -- sh -c "$functions$1" >"$name.txt" || status=$?
    cat "$name.txt" "$name.log"
    return $status
}

# In the sandbox: waits until libvirt keeps, or no longer keeps, that there is qxl; changes the module in the way that
# nobody notices, by putting back the time of its directory.
functions='
cd "$CAPPROBE_MODULES" || exit 99
kept() { grep -qs "</qemuCaps>" "$CAPPROBE_CACHE"/*.xml && grep -q "name=.qxl.\/" "$CAPPROBE_CACHE"/*.xml; }
# The file is read once: libvirt may remove it at any time.
kept_without() {
    text=$(cat "$CAPPROBE_CACHE"/*.xml 2>/dev/null)
    case $text in *name=?qxl?/*) false ;; *"</qemuCaps>"*) true ;; *) false ;; esac
}
await_qxl() { until kept; do sleep 0.05; done; }
# Long enough for some reads.
reads() { for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; }
await_no_qxl() { until kept_without; do sleep 0.05; done; }
# Until libvirt has seen the directory as it is now.
await_probe() { until grep -qs "<qemumoddirmtime>$(stat -c %Y .)<" "$CAPPROBE_CACHE"/*.xml; do sleep 0.05; done; }
# Kills client and daemons, which are started by a loader.
kill_libvirt() { for p in /proc/[0-9]*; do case $(readlink $p/exe) in */ld-*) kill -9 ${p#/proc/} ;; esac; done; }
# Removes the data of libvirt as package managers do: the files that they have brought, then each folder that is empty.
remove_data() { find /usr/share/libvirt ! -name ".*" ! -type d -delete; find /usr/share/libvirt -depth -type d -exec rmdir {} + 2>/dev/null; }
# Removes the module and puts back the time of its directory, in one process: libvirt may look at any time.
remove_unseen() { perl -e "(\$time) = (stat q{.})[9]; unlink q{hw-display-qxl.so} and utime \$time, \$time, q{.} or exit 1"; }
'

# NAME FILTER: what the history of this name has.
has() {
    jq -se "$2" "$1.jsonl"
}

# The verdicts and the time line are those of the history, for which libvirt is not needed.
judged_alike() {
    local status=0 wanted=$2
    "$CAPPROBE" judge "$1.jsonl" >judged.txt || status=$?
    cat judged.txt
    ((status == wanted)) && diff "$1.txt" judged.txt
}

check_exit 'a module goes and comes back, and libvirt is right' 0 watch right \
    'echo begun; await_qxl; mv hw-display-qxl.so ..; await_no_qxl; reads; mv ../hw-display-qxl.so .; await_qxl; echo over'
check 'both changes were seen' has right '[.[] | select(.type == "read").answer] | unique | length == 2'
check 'each changed state has its truth' has right '([.[] | select(.type == "truth").state] | unique) as $known |
    [.[] | select(.type == "operation").state] | length >= 2 and all(. as $state | $known | index($state))'
check 'what the command prints is in the log' grep -qx over right.log
check 'the time line tells the difference' grep -q -- '- video modelType qxl' right.txt
check 'the history is judged alike' judged_alike right 0

# The module leaves when libvirt has just looked at it, and the time of the directory is put back.
check_exit 'a change that nobody can notice is stale' 1 watch stale \
    'await_qxl; remove_unseen; reads'
check 'it says for how long' grep -q ' s  wrong, for it said what had been true (stale)$' stale.txt
check 'and how the answer differs from the truth' grep -q '^ *+ video modelType qxl$' stale.txt
check 'the truth was asked for twice' has stale 'any(.type == "truth" and .pass == 2)'
check 'the history is judged alike, with a stale read' judged_alike stale 1

# The module is a link to a place where changes are otherwise not looked at. The time of the module directory stays as it is.
for place in /tmp /run; do
    check_exit "a module that a link leads to, in $place, is removed" 1 watch link \
        "await_qxl; cp hw-display-qxl.so $place/q.so; ln -s $place/q.so ../link; mv ../link hw-display-qxl.so; await_probe; await_qxl; rm $place/q.so; reads"
    check 'libvirt was stale' grep -q ' s  wrong, for it said what had been true (stale)$' link.txt
done

# The command stands still while the truth is told, or that would be of no state. A time that is put back is a change as well.
check_exit 'a command that changes something all the time' 0 watch busy \
    'await_qxl; n=0; while [ $n -lt 40 ]; do n=$((n + 1)); touch -d @1 hw-display-qxl.so; sleep 0.01; done'
check 'each state has its truth' has busy '([.[] | select(.type == "truth").state] | unique) as $known |
    [.[] | select(.type == "operation").state] | length >= 2 and length == (unique | length) and all(. as $state | $known | index($state))'

# The libvirt under test stays the one of the begin, whatever becomes of its files.
check_exit 'the files of libvirt are removed' 0 watch files \
    'await_qxl; remove_data; rm $(find /usr/lib* -name "libvirt*.so*"); rm hw-display-qxl.so; await_no_qxl'
check 'the truth is an answer, with models of CPUs' has files '([.[] | select(.type == "answer" and (.xml | contains("EPYC"))).answer]) as $whole |
    [.[] | select(.type == "truth").answer] | length >= 2 and all(. as $answer | $whole | index($answer))'

# If they cannot be kept, nothing is said that may be wrong.
check_exit 'the folder of libvirt'"'"'s data is removed by force' 125 watch data 'await_qxl; rm -r /usr/share/libvirt; reads'

# The host itself is half changed, and libvirt is right to say so.
check_exit 'an emulator that is away for a moment' 0 watch half \
    'await_qxl; mv "$CAPPROBE_EMULATOR" "$CAPPROBE_EMULATOR.away"; touch .; n=0; while [ $n -lt 10 ]; do n=$((n + 1)); sleep 0.1; done; mv "$CAPPROBE_EMULATOR.away" "$CAPPROBE_EMULATOR"'
check 'that is right about a host that was half changed' grep -q 'about a host that was half changed$' half.txt

# dpkg's log is read, whoever writes it.
check_exit 'packages are told' 0 watch packages 'echo "2026-01-01 10:00:00 upgrade some-qemu:all 1 2" >>/var/log/dpkg.log; touch hw-display-qxl.so; sleep 0.5'
check 'in the time line' grep -q '^ *upgrade some-qemu:all 1 -> 2$' packages.txt

check_exit 'a command that fails: its status is told' 0 watch fails 'exit 3'
check 'but is not that of watch' grep -q '^the command ended with status 3 ' fails.txt
check_exit 'a command that is killed' 0 watch killed 'kill -9 $$'
check 'its signal is told' grep -q '^the command ended with status 137 ' killed.txt
check_exit 'a command that does not exist' 125 "$CAPPROBE" watch --kvm absent -- no-such-command
# As in a scenario: libvirt is lost, started again, and right again.
check_exit 'a command that kills all it can' 1 watch kills 'kill -9 -1; sleep 1000'
check 'libvirt is lost once' has kills '[.[] | select(.type == "read").lost != null] | any and (last | not)'
check_exit 'a command that stops others goes on' 0 watch stops 'sleep 1000 & kill -STOP $!; kill -9 $!; wait'
check_exit 'a command whose process waits for the child of a vfork' 0 watch vfork 'sh -c "sleep 0.3"; (sleep 0.3; exit 0)'
check_exit 'a daemon does not outlive its command' 0 watch daemon '(setsid sleep 987654321 &) ; exit 0'
check_exit 'libvirt that crashes does not take the command with it' 1 watch crash \
    'await_qxl; kill_libvirt; sleep 0.5; echo alive'
check 'the command went on' grep -qx alive crash.log
check 'the read is lost' has crash 'any(.type == "read" and .lost != null)'

# A daemon is the one of the begin as well. Its cache is the host's, and the one that tells truths has another.
options=(--target libvirtd)
check_exit 'a daemon whose files are removed' 0 watch daemon-files \
    'await_qxl; remove_data; rm /usr/sbin/libvirtd $(find /usr/lib* -name "libvirt*.so*"); rm hw-display-qxl.so; await_no_qxl; reads'
check 'the truth is the answer of a daemon, with models of CPUs' has daemon-files '([.[] | select(.type == "answer" and (.xml | contains("EPYC"))).answer]) as $whole |
    [.[] | select(.type == "truth").answer] | length >= 2 and all(. as $answer | $whole | index($answer))'
check_exit 'a daemon that was killed is started again as it was' 1 watch daemon-killed \
    'await_qxl; rm -rf /usr/sbin/libvirtd $(find /usr/lib* -name "libvirt*.so*"); kill_libvirt; reads'
check 'and right again' has daemon-killed '[.[] | select(.type == "read").lost] | any(. != null and startswith("libvirtd died: Killed")) and last == null'
# Nobody notices that the module has left, until a daemon of another build distrusts the cache.
options=(--target libvirtd --restart)
check_exit 'a daemon that is started again at the end, with its cache' 1 watch daemon-again \
    'await_qxl; driver=$(find /usr/lib* -name libvirt_driver_qemu.so); cp -p "$driver" /root/copy; remove_unseen; mv /root/copy "$driver"; reads'
check 'it is right, and its answer is another' has daemon-again '[.[] | select(.type == "read")] | .[-1].answer != .[-3].answer and .[-2].emulators == 1 and .[-1].emulators == 0'
check 'the time line says so' grep -q '^ *libvirt is started again, as it is installed now$' daemon-again.txt
check 'the history is judged alike, with a restart' judged_alike daemon-again 1
check 'a daemon that is not there' grep -q 'has no virtqemud' <<<"$("$CAPPROBE" watch --target virtqemud -- true 2>&1)"

# Ctrl-C ends all at once, whether the command is held or not.
interrupt() {
    local pid status=0
    "$CAPPROBE" watch --kvm absent --every 100ms --history interrupted.jsonl -- sh -c 'echo begun >&2; sleep 987654321; :' 2>interrupted.err >interrupted.txt &
    pid=$!
    until grep -qs begun interrupted.err && grep -qs '"type":"read"' interrupted.jsonl; do sleep 0.02; done
    kill -INT "$pid"
    wait "$pid" || status=$?
    cat interrupted.err interrupted.txt
    ((status == 130)) || { echo "exit status $status, expected 130" && return 1; }
}
check 'interrupted' interrupt
check 'no process is left' bash -c '! grep -l 98765432[1] /proc/[0-9]*/cmdline 2>/dev/null | grep .'

check '--every with a wrong value' refuses '--every 1: expected a duration' "$CAPPROBE" watch --every 1 -- true
check 'an empty command' refuses "watch: '' is not a command" "$CAPPROBE" watch -- ''
check 'no command' refuses 'watch: expected a command' "$CAPPROBE" watch
check 'log and history are different files' refuses 'the same' "$CAPPROBE" watch --log x --history x -- true

done_testing
