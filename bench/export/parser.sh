# shellcheck shell=sh
# What shows defects of the code that reads QEMU's answers and the cache file: a QEMU that answers as it is told (emulator.c). This
# text comes after operations.sh.
#
# shellcheck disable=SC2034,SC2154  # variables of the texts before

[ "$machine" = x86_64 ] || cannot 'the made-up QEMU is one for x86_64'

# emulator.c and heap.c are here. This QEMU has no KVM, and what the real one has said is not the truth about this one.
beside=/run
op_kvm off
rm -rf /run/truth

compile() {
    command -v cc >/dev/null || cannot 'there is no C compiler here: cc'
    cc "$@" 2>"$work/compiled" || cannot "$(head -n 1 "$work/compiled")"
}

# play FILE: the emulator is one that answers as FILE says.
play() {
    [ -e "$work/emulator" ] || compile -O1 -DCONVERSATION='"/run/conversation"' -o "$work/emulator" "$beside/emulator.c"
    install -m 644 "$1" /run/conversation
    install -m 755 "$work/emulator" "$EMULATOR" || cannot "$EMULATOR cannot be replaced"
}

# usual_answers: prints what a small QEMU answers.
usual_answers() {
    cat <<'ANSWERS'
{"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""}, "capabilities": []}}
{"execute": "qmp_capabilities"}
{"return": {}}
{"execute": "query-version"}
{"return": {"qemu": {"major": 7, "minor": 2, "micro": 0}, "package": ""}}
{"execute": "query-target"}
{"return": {"arch": "x86_64"}}
{"execute": "query-qmp-schema"}
{"return": []}
{"execute": "query-commands"}
{"return": [{"name": "query-cpu-definitions"}, {"name": "query-cpu-model-expansion"}]}
{"execute": "query-kvm"}
{"return": {"enabled": false, "present": false}}
{"execute": "qom-list-types"}
{"return": [{"name": "tcg-accel"}]}
{"execute": "device-list-properties"}
{"return": []}
{"execute": "qom-list-properties"}
{"return": []}
{"execute": "query-machines"}
{"return": [{"name": "machine", "is-default": true, "cpu-max": 4, "hotpluggable-cpus": true, "default-cpu-type": "max"}]}
{"execute": "query-cpu-definitions"}
{"return": [{"name": "max", "typename": "max", "unavailable-features": []}]}
{"execute": "query-tpm-models"}
{"return": []}
{"execute": "query-tpm-types"}
{"return": []}
{"execute": "query-command-line-options"}
{"return": []}
{"execute": "query-migrate-capabilities"}
{"return": []}
{"execute": "query-cpu-model-expansion"}
{"return": {"model": {"name": "base", "props": {}}}}
ANSWERS
}

# play_with [COMMAND ANSWER]...: the emulator is a small QEMU, but with these answers to these commands.
play_with() {
    usual_answers | head -n 1 >"$work/answers"
    while [ $# -gt 0 ]; do
        printf '{"execute": "%s"}\n%s\n' "$1" "$2" >>"$work/answers"
        shift 2
    done
    usual_answers | tail -n +2 >>"$work/answers"
    play "$work/answers"
}

# expect_death: the defect is that libvirt dies.
expect_death() {
    [ "$outcome" = lost ] && [ ! "$libvirt" ]
    defect 'libvirt died'
}

# expect_said PATTERN: the defect is that libvirt says something with this regular expression.
expect_said() {
    grep -E "$1" /run/answer
    defect "libvirt says '$1'"
}

# --- costs ---

# Prints the CPU time that libvirt has taken, in ticks.
ticks() { sed 's/.*) //' "/proc/$libvirt/stat" | awk '{ print $12 + $13 }'; }

# cost_of PREPARE N: sets `cost` to the ticks of a read of a new libvirt, after a call of `PREPARE N`.
cost_of() {
    stop_libvirt
    op_drop_cache
    "$@"
    op_start
    begun=$(ticks)
    op_read
    [ "$outcome" != lost ] || cannot "$2: libvirt did not answer in time"
    cost=$(($(ticks) - begun))
    echo "  $2: $cost ticks"
}

# expect_quadratic PREPARE N: the defect is that the time grows with the square of N. Of the costs for N, 2 N and 4 N the second
# difference is four times the first, or twice if the time grows with N.
expect_quadratic() {
    cost_of "$1" "$2" && single=$cost
    cost_of "$1" $(($2 * 2)) && double=$cost
    cost_of "$1" $(($2 * 4))
    [ $((cost - single)) -ge 20 ] && [ $((cost - double)) -ge $(((double - single) * 3)) ]
    defect 'the time grows with the square of the size'
}

# edit_after_read AWK: has libvirt fill its cache, and changes the file with a program of awk.
edit_after_read() {
    op_start
    op_read
    stop_libvirt
    for file in "$CAPPROBE_CACHE"/*; do
        awk -v n="$2" "$1" "$file" >"$work/edited.xml" && cat "$work/edited.xml" >"$file"
    done
}

# --- lost memory ---

# Prints the memory of libvirt in kB.
memory() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$libvirt/status"; }

# expect_leak KB: the defect is that each of ten probes loses so many kB.
expect_leak() {
    op_read
    begun=$(memory)
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        op_touch_dir
        op_read
        [ "$refreshed" = yes ] || cannot 'libvirt did not probe again'
    done
    grown=$(($(memory) - begun))
    echo "  libvirt has grown by $grown kB"
    [ "$grown" -ge $(($1 * 5)) ]
    defect "memory is lost"
}

# letters N LETTER: prints a letter N times.
letters() { head -c "$1" /dev/zero | tr '\0' "$2"; }

# --- failures ---

# fail_from_now_on NAME=VALUE...: libvirt is started with heap.c in it, which has these settings.
fail_from_now_on() {
    stop_libvirt
    compile -O1 -shared -fPIC -o "$work/heap.so" "$beside/heap.c"
    failing="env LD_PRELOAD=$work/heap.so"
    for setting; do export "${setting?}"; done
}

# Whether something has failed in the last answer.
has_failed() { grep -q '^.*heap.c: ' /run/answer || cannot 'nothing has failed: this libvirt does it in another way'; }
