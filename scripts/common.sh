# shellcheck shell=bash
# Functions that the scripts share: messages, packages, builds. To be sourced.
#
#   say TEXT                    prints a line on standard error
#   die TEXT                    the same, then exits with 125
#   packages_need SET...        installs the missing packages of these sets; quick if nothing is missing
#   debian_mirror               prints where Debian's packages come from
#   npm_need FOLDER PACKAGE...  installs packages of npm, each NAME@VERSION, into FOLDER; quick if they are there
#   browser_need FOLDER         installs a browser, and into FOLDER what drives and checks it; quick if it is there
#   build_into FOLDER OPTION... configures a build folder with these options of meson, and builds it
#
# A set of packages is two arrays: SET_deb for Debian and its derivatives, SET_rpm for Fedora and its derivatives.

# shellcheck disable=SC2034  # used by name in packages_need
{
    build_deb=(gcc libc6-dev meson ninja-build pkg-config libglib2.0-dev libjson-glib-dev libxml2-dev libvirt-dev libdw-dev libsqlite3-dev)
    build_rpm=(gcc meson ninja-build pkgconf-pkg-config glib2-devel json-glib-devel libxml2-devel libvirt-devel elfutils-devel sqlite-devel)

    run_deb=(libvirt-daemon-system libvirt-daemon qemu-system-x86 qemu-system-common qemu-block-extra qemu-utils)
    run_rpm=(libvirt-daemon-driver-qemu qemu-kvm qemu-system-x86-core qemu-device-display-qxl qemu-device-usb-redirect
        qemu-ui-spice-core qemu-device-display-virtio-gpu qemu-device-display-virtio-gpu-pci)

    test_deb=(acl libvirt-clients shellcheck clang-format git jq libxml2-utils man-db util-linux binutils zsh fish gnuplot-nox
        perl yamllint dpkg-dev rpm python3-prometheus-client python3-yaml python3-markdown-it)
    test_rpm=(acl libvirt-client ShellCheck clang-tools-extra git jq libxml2 man-db util-linux binutils zsh fish gnuplot
        perl-Test-Harness yamllint dpkg-dev rpm-build python3-prometheus_client python3-pyyaml python3-markdown-it-py)

    packages_deb=(rpm ostree umoci erofs-utils squashfs-tools rsync)
    packages_rpm=(rpm-build ostree umoci erofs-utils squashfs-tools rsync)

    package_deb=(debhelper dpkg-dev lintian rpm rpmlint git)
    package_rpm=(rpm-build rpmlint systemd-rpm-macros git dpkg-dev debhelper)

    report_deb=(gnuplot-nox chromium fonts-dejavu-core)
    report_rpm=(gnuplot chromium dejavu-sans-fonts)

    node_deb=(nodejs npm)
    node_rpm=(nodejs npm)

    coverage_deb=(gcovr)
    coverage_rpm=(gcovr)

    libvirt_build_deb=(gcc libc6-dev make meson ninja-build pkg-config patch xz-utils jq perl python3 xsltproc libxml2-utils rpcsvc-proto
        gettext debian-archive-keyring libglib2.0-dev libgnutls28-dev libxml2-dev libtirpc-dev libyajl-dev libjson-c-dev
        libnl-3-dev libnl-route-3-dev libcap-ng-dev)
    libvirt_build_rpm=(gcc make meson ninja-build pkgconf-pkg-config patch xz jq perl python3 libxslt libxml2 rpcgen gettext
        glib2-devel gnutls-devel libxml2-devel libtirpc-devel yajl-devel json-c-devel libnl3-devel libcap-ng-devel)

    msan_deb=(cmake)
    msan_rpm=(cmake)

    fuzz_deb=(meson ninja-build pkg-config jq libglib2.0-dev libjson-glib-dev)
    fuzz_rpm=(meson ninja-build pkgconf-pkg-config jq glib2-devel json-glib-devel)

    fuzz_pack_deb=(zip unzip binutils)
    fuzz_pack_rpm=(zip unzip binutils)

    fuzz_gdb_deb=(gdb)
    fuzz_gdb_rpm=(gdb)

    fuzz_clang_deb=(clang llvm libclang-rt-dev)
    fuzz_clang_rpm=(clang llvm compiler-rt)

    fuzz_afl_deb=(afl++ libmimalloc-dev)
    fuzz_afl_rpm=(american-fuzzy-lop american-fuzzy-lop-clang mimalloc-devel)

    tree_deb=(mmdebstrap debian-archive-keyring)
    tree_rpm=(mmdebstrap apt debian-keyring)

    patched_deb=(patch rsync)
    patched_rpm=(patch rsync)

    matrix_deb=(jq)
    matrix_rpm=(jq)

    seeds_deb=("${run_deb[@]}" libvirt-clients util-linux qemu-system-arm qemu-system-mips qemu-system-misc qemu-system-ppc qemu-system-sparc)
    seeds_rpm=("${run_rpm[@]}" libvirt-client util-linux qemu)
}

say() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
    say "$*"
    exit 125
}

packages_missing_deb() {
    local package
    for package; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
    done
}

packages_missing_rpm() {
    local package
    for package; do
        rpm -q --quiet --whatprovides "$package" || printf '%s\n' "$package"
    done
}

packages_need() {
    local family install refresh set log as_root=()
    if command -v apt-get >/dev/null; then
        family=deb install="apt-get install -y --no-install-recommends" refresh="apt-get update"
    elif command -v dnf >/dev/null; then
        family=rpm install="dnf install -y --setopt=install_weak_deps=False" refresh="true"
    else
        say "neither apt-get nor dnf found; assuming that all packages are installed"
        return
    fi

    local wanted=() missing=()
    for set; do
        local -n packages="${set}_${family}"
        wanted+=("${packages[@]}")
    done
    mapfile -t missing < <("packages_missing_$family" "${wanted[@]}")
    ((${#missing[@]})) || return 0

    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "packages are missing; install them as root: $install ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    log=$(mktemp)
    # shellcheck disable=SC2086  # each holds a command and its arguments
    if ! { "${as_root[@]}" $refresh && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $install "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "cannot install the packages; the command was: $install ${missing[*]}"
    fi
    rm -f "$log"
}

# Node.js from elsewhere, which has its own npm, is as good as the packages.
npm_need() {
    local folder=$1 wanted=("${@:2}") log
    command -v npm >/dev/null || packages_need node
    [[ ! -e $folder/complete || $(<"$folder/complete") != "${wanted[*]}" ]] || return 0
    say "installing ${wanted[*]} into $folder/"
    mkdir -p "$folder"
    log=$(mktemp)
    if ! npm install --prefix "$folder" --no-save --no-package-lock --no-audit --no-fund --ignore-scripts "${wanted[@]}" >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "npm cannot install ${wanted[*]}"
    fi
    rm -f "$log"
    printf '%s\n' "${wanted[*]}" >"$folder/complete"
}

browser_need() {
    packages_need report
    npm_need "$1" axe-core@4.14.1 playwright-core@1.58.0
}

# The mirror is the system's own. On systems derived from Debian no mirror matches, and Debian's own is used.
debian_mirror() {
    local mirror=
    # shellcheck disable=SC2016  # apt expands these
    ! command -v apt-get >/dev/null || mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' |
        awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
    echo "${mirror:-http://deb.debian.org/debian}"
}

build_into() {
    local folder=$1 log
    shift
    log=$(mktemp)
    [[ -d $folder/meson-private ]] || say "building into $folder/"
    if ! { if [[ -d $folder/meson-private ]]; then meson configure "$folder" "$@"; else meson setup "$folder" "$@"; fi &&
        meson compile -C "$folder"; } >"$log" 2>&1 </dev/null; then
        tail -n 40 "$log" >&2
        rm -f "$log"
        die "the build failed; to build it again: meson compile -C $folder"
    fi
    rm -f "$log"
}
