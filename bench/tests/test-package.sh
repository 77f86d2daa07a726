#!/usr/bin/env bash
# What packages are built from agrees with what the build installs. BUILD names the build folder, SOURCE the source folder.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
cd "$scratch" || exit 99

version=$(meson introspect --projectinfo "$BUILD" | jq -r .version)
changelog=$SOURCE/scripts/packaging/debian/changelog
check 'Debian: the version' test "$(dpkg-parsechangelog -l "$changelog" -S Version)" = "$version-1"

# As Fedora has it. A folder in %files stands for all that is in it.
mkdir SOURCES
sed 's|@MODULE_DIR@|/modules|; s|@CHECK@|/check|' "$SOURCE/scripts/packaging/rpm/capprobe-triggers.inc.in" >SOURCES/capprobe-triggers.inc
parsed() {
    rpmspec --define "_topdir $scratch" --define '_unitdir /usr/lib/systemd/system' --define '_libexecdir /usr/libexec' \
        "$@" "$SOURCE/scripts/packaging/capprobe.spec"
}
check 'RPM: the spec file is one' eval 'parsed --parse >parsed.spec'
check 'RPM: the version' test "$(parsed --query --queryformat '%{VERSION}')" = "$version"
check 'RPM: the triggers are included' grep -q '^%transfiletriggerin' parsed.spec

files_are_packaged() {
    local prefix file pattern found bad=0
    prefix=$(meson introspect --buildoptions "$BUILD" | jq -r '.[] | select(.name == "prefix").value')
    mapfile -t patterns < <(sed -n '/^%files/,/^%changelog/p' parsed.spec | grep '^/')
    while IFS= read -r file; do
        found=
        for pattern in "${patterns[@]}"; do
            # shellcheck disable=SC2053  # it is a pattern
            [[ /usr/${file#"$prefix"/} != $pattern && /usr/${file#"$prefix"/} != "$pattern"* ]] || found=1
        done
        [[ $found ]] || { echo "no package has $file" && bad=1; }
    done < <(meson introspect --installed "$BUILD" | jq -r '.[]')
    ((${#patterns[@]} > 5)) && return "$bad"
}
check 'RPM: every installed file is in the package' files_are_packaged

check_exit 'package: help' 0 "$SOURCE/scripts/package" --help
check 'package: wrong usage' refuses "unexpected argument 'tar', expected deb or rpm" "$SOURCE/scripts/package" tar

check_exit 'check-package: help' 0 "$SOURCE/scripts/check-package" --help
check 'check-package: wrong usage' refuses "unexpected argument 'tar', expected deb or rpm" "$SOURCE/scripts/check-package" tar
check 'check-package: tests that an rpm does not have' refuses '--autopkgtest is only for deb' \
    "$SOURCE/scripts/check-package" rpm --autopkgtest
check 'check-package: another package' refuses 'a.deb: expected a file whose name ends in .rpm' "$SOURCE/scripts/check-package" rpm a.deb
touch a_1_amd64.deb
check 'check-package: no source package' refuses 'a_1.dsc: there is no source package beside' \
    "$SOURCE/scripts/check-package" deb --autopkgtest "$PWD/a_1_amd64.deb"
check 'check-package: not a tree' refuses 'expected a Debian tree' "$SOURCE/scripts/check-package" deb --tree "$PWD" "$PWD/a_1_amd64.deb"

done_testing
