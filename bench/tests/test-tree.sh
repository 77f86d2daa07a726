#!/usr/bin/env bash
# --tree: another root file system is tested, which stays as it was; trees that cannot be tested get one line. The tree is made from
# this host's own files, so that no network is needed.
# shellcheck disable=SC2016  # the commands are for another shell, or for jq
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/make-tree.sh
source "${0%/*}/make-tree.sh"
chmod 755 "$scratch"
cd "$scratch" || exit 99
cp "$CAPPROBE" "${CAPPROBE%/*}/capprobe-client" .
program=$scratch/capprobe


# TEXT COMMAND...: exits with 125, and prints one line, which has TEXT.
untestable() {
    local text=$1 status=0 message
    shift
    message=$("$@" 2>&1 >/dev/null) || status=$?
    printf '%s\n' "$message"
    ((status == 125)) || { echo "exit status $status, expected 125" && return 1; }
    [[ $(wc -l <<<"$message") == 1 && $message == *"$text"* ]] || { echo "expected one line with: $text" && return 1; }
}

make_tree tree
before=$(tree_digest tree)
at=(--tree tree --kvm absent --confirm no)
modules=(tree"$moddir"/*.so)

# It must run with the libraries of any tree. (Sanitizers bring libraries of their own.)
check 'the client is linked with no more than libvirt and libc' bash -c '! objdump -p capprobe-client | grep NEEDED | grep -vE "lib(virt|c|[a-z]*san)\.so|ld-linux"'
check_exit 'the doctor finds all in place' 0 "$program" doctor --tree tree
check 'it names what is in the tree' bash -c '"$0" doctor --tree tree | grep -F "$1 modules in $2"' "$program" "${#modules[@]}" "$moddir"
printf '%s\n' 'needs module hw-display-qxl' start prime 'expect has modelType qxl' 'remove hw-display-qxl' read 'expect lacks modelType qxl' \
    'add hw-display-qxl' touch-emulator read 'expect has modelType qxl' >changes.scn
check_exit 'a scenario' 0 "$program" replay changes.scn "${at[@]}" --history changes.jsonl
check 'the history names the tree' jq -es --arg tree "$scratch/tree" '.[0].environment.tree == $tree' changes.jsonl
check 'the libvirt of the tree is loaded' jq -es --arg library "$library" '.[0].environment.libvirt | .library == $library and .library_build_id != ""' changes.jsonl
check 'the tree is as it was' test "$(tree_digest tree)" = "$before"

# Without qxl the truth is another one: what is asked is the tree's libvirt and QEMU, not the host's.
cp -a tree other
rm other"$moddir"/hw-display-qxl.so
printf '%s\n' start read 'expect lacks modelType qxl' >lacks.scn
check_exit 'what the tree lacks is lacking' 0 "$program" replay lacks.scn --tree other --kvm absent --confirm no
check 'needs module: in the tree' bash -c '"$0" replay changes.scn --tree other --kvm absent | grep -F "this host has no module hw-display-qxl in '"$moddir"'"' "$program"
rm -r other

check '--tree / is no tree' bash -c 'diff <("$0" doctor) <("$0" doctor --tree /)' "$program"

# Links are followed as within the tree.
mkdir tree/elsewhere
mv tree"$emulator" tree/elsewhere/emulator
ln -s /elsewhere/emulator tree"$emulator"
check 'a link to an absolute path leads into the tree' bash -c '"$0" doctor --tree tree | grep -F "/elsewhere/emulator: QEMU"' "$program"
mv tree/elsewhere/emulator tree"$emulator"
rmdir tree/elsewhere

# What a tree can be that is not one, or not complete.
: >file
mkdir empty
check 'not there' refuses '--tree nowhere: No such file or directory, expected a folder' "$program" replay changes.scn --tree nowhere
check 'not a folder' refuses '--tree file: not a folder, expected a folder' "$program" replay changes.scn --tree file
check 'an empty folder' untestable 'libvirt.so.0 is not in its folders for libraries' "$program" replay changes.scn --tree empty
mv tree"$emulator" emulator
check 'without QEMU' untestable "has no ${emulator##*/}" "$program" replay changes.scn --tree tree
check 'with something else instead of QEMU' untestable "has no $emulator" "$program" replay changes.scn --tree tree --emulator "$emulator"
mv emulator tree"$emulator"
mv tree"$library" library
check 'without libvirt' untestable 'libvirt.so.0 is not in its folders for libraries' "$program" replay changes.scn --tree tree
head -c 1000000 library >tree"$library"
check 'a libvirt that is half unpacked' untestable 'its libvirt cannot be loaded' "$program" replay changes.scn --tree tree
: >tree"$library"
check 'a libvirt that is empty' untestable 'libvirt.so.0 is not a library' "$program" replay changes.scn --tree tree
# The machine of an ELF file is a number in bytes 18 and 19; 183 is AArch64, 62 is x86-64.
other=0267
[[ $(od -An -tu2 -j18 -N2 library) == *183* ]] && other=076
cp library tree"$library"
printf '%b' "\\$other\\0" | dd of=tree"$library" bs=1 seek=18 conv=notrunc status=none
check 'a libvirt for another machine' untestable 'its libvirt is for' "$program" replay changes.scn --tree tree
mv library tree"$library"
# Another name for a version of the symbols in the C library is as good as a library that does not have it.
libc=$(realpath "$(ldd "$emulator" | grep -o '/[^ ]*/libc\.so\.6')")
version=$(objdump -T capprobe-client | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
mv tree"$libc" libc
LC_ALL=C sed "s/${version//./\\.}/${version//[0-9]/x}/g" libc >tree"$libc"
check 'with a C library that is older than that of the build' untestable 'its C library is older' "$program" replay changes.scn --tree tree
mv libc tree"$libc"
loader=$(realpath "$(ldd "$emulator" | grep -o '^[[:space:]]*/[^ ]*' | tr -d '[:space:]')")
mv tree"$loader" loader
check 'without a loader' untestable 'which starts every program, is missing' "$program" replay changes.scn --tree tree
mv loader tree"$loader"
check_exit 'with everything again' 0 "$program" replay changes.scn "${at[@]}"
mkdir -p tree/var/lib/dpkg
head -c 3000 /dev/urandom >tree/var/lib/dpkg/status
check_exit 'with a broken database of packages' 0 "$program" replay changes.scn "${at[@]}"
rm -r tree/var

if ((EUID == 0)); then
    on_read_only() {
        unshare -m bash -euc 'mount --bind tree tree && mount -o remount,bind,ro tree && ! touch tree/x 2>/dev/null && "$@"' sh "$@"
    }
    check_exit 'on a read-only file system' 0 on_read_only "$program" replay changes.scn "${at[@]}"
    rm -r tree/{proc,dev,sys,run}
    check_exit 'without folders to mount on' 0 "$program" replay changes.scn "${at[@]}"
    mkdir tree/{proc,dev,sys,run}

    # What commands change of the tree is part of the state; what comes to the same is the same; each round begins anew. A probe
    # changes nothing.
    cat >commands.scn <<END
needs writable-root
clock kernel
start
prime
run sh -c :
run sh -c "echo 1 >/etc/new"
run sh -c "rm /etc/new"
run mv /usr/share/qemu /usr/share/moved
run mv /usr/share/moved /usr/share/qemu
run rm -r /usr/share/qemu
read
END
    states='[.[] | select(.type == "round" or .name == "run").state] |
        length == 14 and .[0:7] == .[7:14] and .[0] == .[1] and .[0] != .[2] and .[0] == .[3] and .[0] != .[4] and .[0] == .[5] and .[0] != .[6]'
    check 'commands change the tree' bash -c '"$0" bench --rounds 2 --scenario commands.scn --tree tree --kvm absent --confirm no --history commands.jsonl; jq -es "$1" commands.jsonl' \
        "$program" "$states"
    user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
else
    user=()
fi
if "${user[@]}" unshare -U true 2>/dev/null; then
    check_exit 'as an ordinary user' 0 "${user[@]}" "$program" replay changes.scn "${at[@]}"
    check_exit 'who cannot change everything' 125 "${user[@]}" "$program" replay commands.scn "${at[@]}"
else
    skip 'as an ordinary user' 'no user namespaces are allowed here'
fi

done_testing
