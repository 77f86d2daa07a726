# shellcheck shell=sh
# Carries out the steps of a scenario, which follow below, on this host's libvirt and QEMU. `capprobe repro ID --export DIR` puts
# this text in front of them. For each step of a scenario that can be exported there is a function op_WORD.
#
# All happens in namespaces of its own, on an overlay over the root file system: nothing of the host is changed.
#
#   sh reproduce.sh [FOLDER]    FOLDER is for what was seen: answers, the cache file, a listing with times, versions
#   KVM= sh reproduce.sh        the same as on a host without KVM
#
# Exit status: 1 the defect shows, 0 it does not, 125 that cannot be told here.
set -u
export LC_ALL=C

# The exit status if the timing of the steps did not come about.
untimely=75

cannot() {
    echo "cannot be told here: $*" >&2
    exit 125
}

# --- the namespaces and the root file system ---

# CAPPROBE_STAGE is for the calls of itself; an argument could be the name of a folder.
if [ ! "${CAPPROBE_STAGE-}" ]; then
    [ "$(id -u)" = 0 ] || cannot 'this takes root'
    for program in virsh unshare stdbuf; do command -v "$program" >/dev/null || cannot "there is no $program here"; done
    for attempt in 1 2 3; do
        # libvirt waits for its emulators until they are reaped: the first process does nothing else.
        # shellcheck disable=SC2016  # for that process
        unshare --mount --propagation private --pid --fork --kill-child -- sh -c 'CAPPROBE_STAGE=inside sh "$0" "$@" & wait $!' "$0" "$@"
        status=$?
        [ "$status" = "$untimely" ] || exit "$status"
    done
    cannot "this host is too slow or too busy, in $attempt attempts"
fi

if [ "$CAPPROBE_STAGE" = inside ]; then
    script=$(cat "$0") here=$(dirname "$(realpath "$0")") folder=${1-} kvm=${KVM-$(stat -c '0x%t 0x%T' /dev/kvm 2>/dev/null)}
    [ ! "$folder" ] || folder=$(realpath "$folder")
    mount -t tmpfs tmpfs /run && mkdir -m 755 /run/upper /run/work /run/root || exit 125
    mount -t overlay -o lowerdir=/,upperdir=/run/upper,workdir=/run/work,redirect_dir=on,index=off,metacopy=off overlay /run/root ||
        cannot 'the kernel does not allow an overlay over the root file system'
    cd /run/root || exit 125
    mount -t proc proc proc && mount --rbind /sys sys && mount -t tmpfs -o mode=755 tmpfs dev && mount -t tmpfs -o mode=755 tmpfs run || exit 125
    for device in /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/loop*; do
        [ ! -e "$device" ] || cp -a "$device" dev
    done
    mkdir -m 1777 dev/shm run/tmp && mkdir run/seen && ln -s /proc/self/fd dev/fd
    [ ! "$folder" ] || mount --bind "$folder" run/seen || cannot "there is no folder $folder"
    printf '%s\n' "$script" >run/reproduce.sh
    for file in "$here/emulator.c" "$here/heap.c"; do [ ! -f "$file" ] || cp "$file" run; done
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/run/tmp TMPDIR=/run/tmp \
        CAPPROBE_STAGE=steps KVM="$kvm" ${MODULES:+MODULES="$MODULES"} ${EMULATOR:+EMULATOR="$EMULATOR"} chroot . /bin/sh run/reproduce.sh
fi

# --- what is tested ---

cd / || exit 125
machine=$(uname -m)
for file in "${EMULATOR-}" "/usr/bin/qemu-system-$machine" /usr/libexec/qemu-kvm; do
    [ "${EMULATOR-}" ] || [ ! -x "$file" ] || EMULATOR=$file
done
for folder in "${MODULES-}" "/usr/lib/$machine-linux-gnu/qemu" /usr/lib64/qemu-kvm /usr/lib64/qemu /usr/lib/qemu; do
    [ "${MODULES-}" ] || [ ! -d "$folder" ] || MODULES=$folder
done
[ -x "${EMULATOR:=none}" ] || cannot 'there is no emulator here; set EMULATOR to its path'
[ -d "${MODULES:=none}" ] || cannot 'there is no module directory here; set MODULES to its path'
EMULATOR=$(realpath "$EMULATOR")
root=/run/libvirt-root work=/run/tmp deadline=30 cpu=0 libvirt='' failing=''
# The steps of `run` know these names.
export CAPPROBE_MODULES="$MODULES" CAPPROBE_EMULATOR="$EMULATOR" CAPPROBE_CACHE=$root/cache/qemu/capabilities
cp -a "$MODULES" /run/pristine
mkdir -p "$root/etc" "$root/cache"
mount -t tmpfs -o size=8m,mode=755 tmpfs "$root/cache"
printf '%s\n' 'security_driver = "none"' 'stdio_handler = "file"' >"$root/etc/qemu.conf"
mkfifo /run/commands /run/lines
: >"$root/log"
# Open for both, so that neither end waits for the other.
exec 7<>/run/lines

# --- times ---

clock=step now=1577836800
touch -d "@$now" "$MODULES"

dir_stamp() {
    stat -L -c '%i %y' "$MODULES" 2>/dev/null
}

# change COMMAND...: carries out a change. Unless the clock is the kernel's, a directory that it has changed gets a time which is
# one second later than that of the change before; so no second has two changes.
change() {
    before=$(dir_stamp)
    "$@" || cannot "$* failed"
    if [ "$clock" = step ] && [ "$(dir_stamp)" ] && [ "$(dir_stamp)" != "$before" ]; then
        now=$((now + 1))
        touch -d "@$now" "$MODULES"
    fi
}

# The same for a command that may have set the directory's time itself.
change_by_command() {
    before=$(dir_stamp)
    began=$(date +%s)
    "$@" >>"$work/said" 2>&1 </dev/null || cannot "$* failed: $(tail -n 1 "$work/said")"
    if [ "$clock" = step ] && [ "$(dir_stamp)" ] && [ "$(dir_stamp)" != "$before" ] && [ "$(stat -L -c %Y "$MODULES")" -ge $((began - 1)) ]; then
        now=$((now + 1))
        touch -d "@$now" "$MODULES"
    fi
}

# --- libvirt ---

# Its log says which programs it starts. `failing` is for what comes with defects of parsers.
virsh_at() {
    export LIBVIRT_LOG_OUTPUTS="1:file:$1/log" LIBVIRT_LOG_FILTERS=1:util.command
    # shellcheck disable=SC2086  # words
    exec stdbuf -oL taskset -c "$cpu" $failing virsh -q -c "qemu:///embed?root=$1"
}

# Leaves in FILE.xml what virsh has printed to FILE, without its prompts and without what is random.
take_answer() {
    sed -n 's/^virsh # *//; /<domainCapabilities>/,/<\/domainCapabilities>/p; /<capabilities>/,/<\/capabilities>/p' "$1" |
        sed '/<uuid>.*<\/uuid>/d' >"$1.xml"
}

cache_stamp() {
    stat -c '%n %i %z' "$CAPPROBE_CACHE"/* 2>/dev/null
}

# Prints how many emulators libvirt has started so far.
probes() { grep -c 'About to run .*/qemu[^ /]* -S ' "$root/log"; }

# begin_ask COMMAND: gives virsh a command.
begin_ask() {
    [ "$libvirt" ] || cannot 'libvirt is gone'
    cache_before=$(cache_stamp) probes_before=$(probes)
    # virsh ends the line of an echo only when it has read another one.
    printf '%s\necho the-end\n\n' "$1" >&9
    (sleep "$deadline" && echo 'the-end late' >&7) 9>&- &
    timer=$!
}

# Waits for the end of the command. Sets `outcome` to answer, error or lost, `refreshed`, and `probed` to the number of emulators started.
end_ask() {
    : >/run/answer
    while IFS= read -r line <&7; do
        case $line in
        *'the-end lost') outcome=lost libvirt='' && break ;;
        *'the-end late') outcome=lost && break ;;
        the-end*) outcome=error && break ;;
        esac
        printf '%s\n' "$line"
    done >>/run/answer
    kill "$timer" 2>/dev/null
    refreshed=no
    [ "$(cache_stamp)" = "$cache_before" ] || refreshed=yes
    probed=$(($(probes) - probes_before))
    take_answer /run/answer
    [ "$outcome" = lost ] || [ ! -s /run/answer.xml ] || outcome=answer
    echo "  $outcome$([ "$refreshed" = no ] || echo ', after a new probe')$(sed -n 's/^\(virsh # \)*error: /: /p' /run/answer | head -n 1)"
}

# Asks the same libvirt with an empty cache. Sets `truth` to answer or error, or lost.
learn_truth() {
    rm -rf /run/truth
    mkdir -p /run/truth/etc
    cp "$root/etc/qemu.conf" /run/truth/etc
    truth=lost
    printf '%s\necho the-end\n' "$question" >/run/truth/command
    virsh_at /run/truth </run/truth/command >/run/truth/said 2>&1 &
    asked=$! waited=0
    while kill -0 "$asked" 2>/dev/null && [ "$waited" -lt $((deadline * 50)) ]; do
        sleep 0.02
        waited=$((waited + 1))
    done
    kill -KILL "$asked" 2>/dev/null
    wait "$asked" 2>/dev/null
    take_answer /run/truth/said
    ! grep -q '^the-end' /run/truth/said || truth=error
    [ ! -s /run/truth/said.xml ] || truth=answer
}

stop_libvirt() {
    [ "$libvirt" ] || return 0
    exec 9>&-
    [ "${outcome-}" != lost ] || kill -KILL "$libvirt"
    while IFS= read -r line <&7 && [ "${line%the-end lost}" = "$line" ]; do :; done
    libvirt=''
}

op_start() {
    {
        virsh_at "$root" </run/commands >&7 2>&1 &
        echo "the-process $!" >&7
        wait $!
        echo 'the-end lost' >&7
    } &
    exec 9>/run/commands
    while IFS= read -r line <&7 && [ "${line% *}" != the-process ]; do :; done
    libvirt=${line#* }
    begin_ask ''
    end_ask >/dev/null
}

op_restart() {
    stop_libvirt
    op_start
}

# Only daemons can be killed, which a script does not have: op_needs ends it before.
op_kill() { :; }

op_start_cpu() { cpu=$1; }

# --- reads ---

usual_question="domcapabilities --emulatorbin $EMULATOR"
question=$usual_question
shown=0 missing=0 wrong=''

op_read_begin() {
    question=$usual_question
    begin_ask "$question"
}
op_read_end() { end_ask; }
op_read() { op_read_begin && op_read_end; }
op_prime() { op_read; }
op_ask() {
    question=$*
    begin_ask "$question"
    end_ask
}

# --- expectations ---

# defect WORDS: whether the defect shows is the exit status of the last command.
defect() {
    status=$?
    if [ $status = 0 ]; then
        shown=$((shown + 1))
        echo "  the defect shows: $*"
        [ ! -s /run/truth/said.xml ] || [ "$outcome" != answer ] || diff /run/answer.xml /run/truth/said.xml | grep '^[<>]' | head -n 20 |
            sed 's/^</    libvirt says: /; s/^>/    but true is:  /'
    else
        missing=$((missing + 1))
        echo "  the defect does not show: $*"
    fi
}

# right WORDS: notes that something else is wrong, unless the last command succeeded.
right() {
    [ $? = 0 ] || wrong="$wrong; expected: $*"
}

# differs OUTCOME: whether libvirt has given such an outcome, and with an empty cache it gives another, or another answer.
differs() {
    learn_truth
    [ "$truth" != lost ] || cannot 'libvirt with an empty cache is lost'
    [ "$outcome" = "$1" ] && { [ "$truth" != "$1" ] || ! cmp -s /run/answer.xml /run/truth/said.xml; }
}

# find_value PATH VALUE: whether the answer has the value at a path such as video/modelType.
find_value() {
    command -v xmllint >/dev/null || cannot 'there is no xmllint here'
    xpath=$(echo "$1" | sed "s,[^/]*,//*[name() = '&' or @name = '&'],g; s,///,//,g")
    [ "$(xmllint --xpath "count($xpath/value[. = '$2'])" /run/answer.xml)" != 0 ]
}
has() { [ "$outcome" = answer ] && find_value "$1" "$2"; }
lacks() { [ "$outcome" = answer ] && ! find_value "$1" "$2"; }

op_expect() {
    rm -rf /run/truth
    case "$*" in
    'verdict stale' | 'verdict torn') differs answer; defect "the answer is not what libvirt says with an empty cache" ;;
    'verdict failed') differs error; defect "an error, although libvirt with an empty cache has an answer" ;;
    'verdict fresh') ! differs answer; right "$*" ;;
    'refresh spurious') [ "$refreshed" = yes ]; defect 'libvirt has probed again, although nothing has changed' ;;
    'refresh none') [ "$refreshed" = no ]; right "$*" ;;
    'probes '*) [ "$probed" = "$2" ]; right "$*" ;;
    'defect probes '*) [ "$probed" = "$3" ]; defect "libvirt has started $probed emulators" ;;
    'refresh needed') [ "$refreshed" = yes ]; right "$*" ;;
    lost) [ "$outcome" = lost ]; defect 'libvirt died, or did not answer in time' ;;
    answer | error) [ "$outcome" = "$1" ]; right "$*" ;;
    'defect error') [ "$outcome" = error ]; defect 'libvirt gives no answer' ;;
    'defect has '*) has "$3" "$4"; defect "the answer has $3 $4" ;;
    'defect lacks '*) lacks "$3" "$4"; defect "the answer lacks $3 $4" ;;
    'has '*) has "$2" "$3"; right "$*" ;;
    'lacks '*) lacks "$2" "$3"; right "$*" ;;
    esac
}

# step LINE TEXT: begins a step of the scenario.
step() { echo "line $1: $2"; }

