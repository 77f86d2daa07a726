#!/usr/bin/env bash
# What packages of capprobe ship beside it: dpkg and rpm check the host after a transaction, and systemd's units are valid.
# BUILD names the build folder.
# shellcheck disable=SC2016  # the commands are for another shell
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
# shellcheck source=bench/tests/live-host.sh
source "${0%/*}/live-host.sh"
if ((EUID != 0)) || ! live_host_enter; then
    skip 'packages of capprobe' 'that takes root, and namespaces'
    done_testing
    exit
fi
cd "$scratch" || exit 99

# All is where it would be installed; test-install.sh has `meson install`.
value_of() { meson introspect --buildoptions "$BUILD" | jq -r ".[] | select(.name == \"$1\").value"; }
prefix=$(value_of prefix)
program=$prefix/$(value_of bindir)/capprobe
check_script=$prefix/$(value_of libexecdir)/capprobe/check-after-change
shipped=$BUILD/scripts/packaging
mkdir -p "${program%/*}" "${check_script%/*}"
ln -sf "$CAPPROBE" "$program"
install "$shipped/check-after-change" "$check_script"

watched=$(sed -n 's/^interest-noawait //p' "$shipped/capprobe.triggers")
check 'the directory that is watched is the one of this host' test "$watched" = "$MODULES"
check 'libvirt is running' daemon_start

# NAME CONTROL-FILE...: makes NAME.deb with the control files, and what is in the folder NAME.
make_deb() {
    local name=$1 file
    shift
    mkdir -p "$name/DEBIAN"
    printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: a test\n' "$name" >"$name/DEBIAN/control"
    for file; do
        install -m 755 "$file" "$name/DEBIAN/${file##*.}"
    done
    dpkg-deb --root-owner-group -Znone --build "$name" "$name.deb"
}
mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates /var/lib/dpkg/triggers
: >/var/lib/dpkg/status
apt() { dpkg --log=/run/dpkg.log --force-not-root --force-depends "$@" 2>&1; }

make_deb triggers "$shipped/capprobe.triggers" "$shipped/capprobe.postinst" >/dev/null
mkdir -p "module$MODULES" other/usr/share/other
cp "$MODULES/hw-display-qxl.so" "module$MODULES/hw-test.so"
: >other/usr/share/other/file
make_deb module >/dev/null
make_deb other >/dev/null
# NAME COMMAND...: a transaction after which the host is checked and found fresh.
transaction() {
    local name=$1
    shift
    "$@" >"$name.txt" 2>&1 || { cat "$name.txt" && return 1; }
    cat "$name.txt"
    grep -q ': fresh: libvirt says what a fresh probe says$' "$name.txt"
}
quiet_transaction() {
    "$@" >quiet.txt 2>&1 || { cat quiet.txt && return 1; }
    cat quiet.txt
    ! grep -q -e fresh: -e capprobe: quiet.txt
}
check 'dpkg: the package with the trigger' quiet_transaction apt --install triggers.deb
check 'dpkg: a module comes, and the host is checked' transaction dpkg apt --install module.deb
check 'dpkg: another package does not matter' quiet_transaction apt --install other.deb

cat >triggers.spec <<EOF
Name: triggers
Version: 1
Release: 1
Summary: a test
License: LGPL
BuildArch: noarch
%description
A test.
%files
%include $shipped/capprobe-triggers.inc
EOF
sed "s/^Name: .*/Name: module/; s|^%files|&\n$MODULES/hw-rpm.so|; /^%include/d" triggers.spec >module.spec
build_rpm() {
    mkdir -p "buildroot-$1"
    [[ $1 != module ]] || install -D "$MODULES/hw-display-qxl.so" "buildroot-$1$MODULES/hw-rpm.so"
    rpmbuild -bb --quiet --buildroot "$PWD/buildroot-$1" --define "_topdir $PWD/top" --define "_tmppath $PWD" \
        --define '__os_install_post %{nil}' --define "_rpmfilename $1.rpm" --define '_binaries_in_noarch_packages_terminate_build 0' \
        --noclean --define "_build_id_links none" --define 'debug_package %{nil}' "$1.spec"
}
check 'rpm: the package with the trigger can be built' build_rpm triggers
check 'rpm: a package with a module can be built' build_rpm module
install_rpm() { rpm --dbpath "$scratch/db" --define "_tmppath $scratch" --nodeps "$@"; }
check 'rpm: the package with the trigger' install_rpm --install top/RPMS/triggers.rpm
check 'rpm: a module comes, and the host is checked' transaction rpm install_rpm --install top/RPMS/module.rpm

# Whatever becomes of the check, the transaction succeeds.
daemon_end
check 'rpm: a module goes, and there is no libvirt' install_rpm --erase module
check 'dpkg: a module goes, and there is no libvirt' bash -c "$(declare -f apt); apt --remove module >none.txt"
check 'which is said' grep -q 'qemu:///system: the daemon cannot be reached' none.txt
mv "$program" "$program.away"
check 'dpkg: there is no capprobe' apt --install module.deb
rm "$check_script"
check 'dpkg: there is no script' apt --remove module
mv "$program.away" "$program"

if command -v systemd-analyze >/dev/null; then
    verify() {
        local said
        # It writes to /tmp, and says what is wrong with the units of the host as well.
        said=$("$CAPPROBE" sandbox --kvm absent -- systemd-analyze verify --man=no "$shipped"/capprobe-check.* 2>&1)
        printf '%s\n' "$said"
        [[ $said != *capprobe-check* && $said != *Failed* ]]
    }
    check 'the units are valid' verify
    check 'the path is that of the modules' grep -qxF "PathChanged=$MODULES" "$shipped/capprobe-check.path"
else
    skip 'the units are valid' 'there is no systemd-analyze'
fi

done_testing
