#!/usr/bin/env bash
# Exported defects show on this machine's own libvirt, without capprobe. Of those that cannot, the text says why.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=scripts/bugs.sh
source "$CORPUS/../scripts/bugs.sh"
cd "$scratch" || exit 99

# ID: exports the defect and runs the script; without KVM if its scenario is not about that, for then a probe takes half the time.
# Leaves ID.txt and ID.status.
run_exported() {
    local id=$1 status=0
    [[ ! -e $CORPUS/bugs/$id/repro.scn ]] || grep -qx 'needs kvm' "$CORPUS/bugs/$id/repro.scn" || local -x KVM=
    { "$CAPPROBE" repro "$id" --export "$id" && timeout --kill-after=5 200 sh "$id/reproduce.sh"; } >"$id.txt" 2>&1 || status=$?
    echo "$status" >"$id.status"
}
export -f run_exported
export CAPPROBE CORPUS

# ID: the script ends as the defect's page says for this libvirt and QEMU.
comes_out() {
    local id=$1 wanted=0
    cat "$id.txt"
    ! bug_shows_in "$CORPUS/bugs/$id/about.md" "$libvirt" "$qemu" || wanted=1
    (($(<"$id.status") == wanted)) || { echo "exit status $(<"$id.status"), expected $wanted" && return 1; }
}

ids=()
for page in "$CORPUS"/bugs/*/about.md; do
    id=$(bug_field "$page" id) hidden=$(bug_field "$page" hidden)
    if [[ ! $hidden ]]; then
        ids+=("$id")
        continue
    fi
    check_exit "$id: its input is exported" 0 "$CAPPROBE" repro "$id" --export "$id"
    check 'it is said why there is no script' grep -F "$hidden" "$id/README.md"
done

if ((EUID)); then
    skip 'exported scripts' 'they take root'
    done_testing
    exit
fi
read -r libvirt qemu < <("$CAPPROBE" repro --format json | jq -r '"\(.libvirt) \(.qemu)"')
modules=$("$CAPPROBE" repro mtime-kept --export other && jq -r .module_dir other/environment.json)
before=$(find "$modules" /dev/kvm -printf '%p %i %m %s %T@\n' 2>/dev/null)
# Most of the time libvirt waits.
printf '%s\n' "${ids[@]}" | xargs -P "$(($(nproc) + 1))" -I ID bash -c 'run_exported ID'
for id in "${ids[@]}"; do
    obstacle=$(sed -n 's/^cannot be told here: \(there is no .*\|the made-up QEMU is .*\|this takes .* CPUs\|this host is too slow .*\)/\1/p' "$id.txt")
    if [[ $(<"$id.status") == 125 && $obstacle ]]; then
        skip "$id shows without capprobe" "$obstacle"
    else
        check "$id shows without capprobe" comes_out "$id"
    fi
done
check 'the host is as it was' test "$before" = "$(find "$modules" /dev/kvm -printf '%p %i %m %s %T@\n' 2>/dev/null)"

# What shows the defects of parsers does not see one in a QEMU that is well.
with_steps() {
    sed '/^# --- the steps ---/q' "$1/reproduce.sh" >"$1/steps.sh" && cat >>"$1/steps.sh" && sh "$1/steps.sh"
}
check_exit 'a QEMU without a defect shows none' 0 with_steps domcaps-unescaped <<'END'
play_with
op_start
expect_leak 100
op_restart
op_read
op_expect refresh spurious
op_expect verdict stale
op_expect lost
expect_death
expect_said 'cause is unknown|: no error'
cost_of() { cost=$(($2 * 50)); }
expect_quadratic made_up 10
conclude
END
check_exit 'times that grow with the square do' 1 with_steps domcaps-unescaped <<'END'
cost_of() { cost=$((10 + $2 * $2)); }
expect_quadratic made_up 10
conclude
END

mkdir seen
check_exit 'a script leaves what it has seen' 1 sh mtime-kept/reproduce.sh seen
check 'the cache file, the answer, a listing, versions' test -s seen/answer.xml -a -s seen/listing.txt -a -s seen/versions.txt
check 'the text says what it is about' grep -F "# $(bug_symptom "$CORPUS/bugs/mtime-kept/about.md")" mtime-kept/README.md
check 'the environment is described' jq -e .libvirt.version mtime-kept/environment.json

# A word that a script of these gave to itself must not be taken for it: the steps would be carried out on the host. It is private here.
mkdir steps
check_exit 'a folder can have any name' 1 unshare --mount --propagation private sh -c '
    mount --bind /usr /usr && mount -o remount,bind,ro /usr && mount -t tmpfs tmpfs /run && exec sh mtime-kept/reproduce.sh steps'
check 'it is used' test -s steps/answer.xml
check_exit 'an emulator that does not work tells nothing' 125 env EMULATOR=/bin/true sh mtime-kept/reproduce.sh
check 'a folder that exists is refused' refuses 'expected a folder that does not exist yet' "$CAPPROBE" repro mtime-kept --export seen

done_testing
