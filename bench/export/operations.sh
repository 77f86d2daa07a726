# shellcheck shell=sh
# What the steps of an exported scenario do to the host, and how a script ends. This text comes after reproduce.sh.
#
# shellcheck disable=SC2034,SC2154  # variables of reproduce.sh

# --- conditions, time ---

op_needs() {
    case $1 in
    module) [ -e "$MODULES/$2.so" ] || cannot "there is no module $2" ;;
    emulator) [ -x "${EMULATOR%/*}/$2" ] || cannot "there is no emulator $2" ;;
    daemons) cannot 'there is no daemon in this script, which opens the embedded driver' ;;
    command) command -v "$2" >/dev/null || cannot "there is no command $2" ;;
    kvm) [ "$KVM" ] || cannot 'there is no /dev/kvm' ;;
    cpus) [ "$(nproc)" -ge "$2" ] || cannot "this takes $2 CPUs" ;;
    esac
}

op_clock() { clock=$1; }

# The clock from which files get their times goes on in steps.
op_align() {
    second=$(date +%s)
    while : >"$work/tick" && [ "$(stat -c %Y "$work/tick")" -le "$second" ]; do
        sleep 0.002
    done
    second=$(stat -c %Y "$work/tick")
}
op_same_second() { [ "$(date +%s)" = "$second" ] || exit "$untimely"; }
op_pause() { sleep "$1"; }
op_when_opened() {
    until=$(($(date +%s) + deadline))
    while ! grep -qs "/$1.so" /proc/[0-9]*/maps; do [ "$(date +%s)" -lt "$until" ] || cannot "no emulator opened $1"; done
}

op_keep_mtime_begin() { touch -r "$MODULES" "$work/kept"; }
op_keep_mtime_end() { touch -r "$work/kept" "$MODULES"; }

# --- changes ---

put_back() { cp -p "/run/pristine/$1.so" "$MODULES/.new" && mv "$MODULES/.new" "$MODULES/$1.so"; }
zero() { dd if=/dev/zero of="$MODULES/$1.so" conv=notrunc bs="$(stat -c %s "$MODULES/$1.so")" count=1 2>/dev/null; }

op_remove() { change rm "$MODULES/$1.so"; }
op_add() { change put_back "$1"; }
op_overwrite() { change zero "$1"; }
op_truncate() { change truncate -s 0 "$MODULES/$1.so"; }
op_chmod() { change chmod "$2" "$MODULES/$1.so"; }
op_touch() { change touch "$MODULES/$1.so"; }
op_touch_dir() { change touch "$MODULES"; }
op_rename_dir() { change mv "$MODULES" "$MODULES.away"; }

op_touch_emulator() { touch "$EMULATOR"; }
op_replace_emulator() { cp "${EMULATOR%/*}/$1" "$EMULATOR.new" && chmod 755 "$EMULATOR.new" && mv "$EMULATOR.new" "$EMULATOR"; }

op_kvm() {
    rm -f /dev/kvm
    case $1 in
    off) return ;;
    dead) mknod -m 666 /dev/kvm c 1 3 && return ;;
    on) mode=666 ;;
    root-only) mode=600 ;;
    esac
    [ "$KVM" ] || cannot 'there is no /dev/kvm'
    # shellcheck disable=SC2046,SC2086  # two numbers
    mknod -m "$mode" /dev/kvm c $(printf '%d %d' $KVM)
}
[ ! "$KVM" ] || op_kvm on

op_run() { change_by_command "$@"; }
op_run_anyway() { "$@" >/dev/null 2>&1 </dev/null; }

# Where libvirt's QEMU driver is, for images that have it.
for folder in /usr/lib*/libvirt/connection-driver /usr/lib/*/libvirt/connection-driver /usr/local/lib/libvirt/connection-driver; do
    [ ! -e "$folder/libvirt_driver_qemu.so" ] || driver=$folder/libvirt_driver_qemu.so
done

# deploy.sh of capprobe, as a text in the variable deploy_script.
# shellcheck disable=SC2154  # set with the steps
deploy() { CAPPROBE_PRISTINE=/run/pristine CAPPROBE_DRIVER=${driver-} CAPPROBE_WORK=$work/packages sh -c "$deploy_script" sh "$@"; }
op_dpkg() { change_by_command deploy "$1" dpkg "$2"; }
op_apt() { change_by_command deploy "$1" apt "$2"; }
op_rpm() { change_by_command deploy "$1" rpm ${2:+"$2"}; }

put_image() {
    ! mountpoint -q "$MODULES" || umount -l "$MODULES"
    case $1 in
    erofs | squashfs) mount -t "$1" -o loop,ro "$work/packages/$1-$3/$2.$1" "$MODULES" ;;
    *) deploy "$2" "$1" "$3" ;;
    esac
}
# put_aside KIND IMAGE PART PLACE [PART PLACE]...: mounts parts of an image at their places.
put_aside() {
    mkdir -p /run/image && mount -t "$1" -o loop,ro "$work/packages/$2.$1" /run/image || return
    shift 2
    while [ $# -gt 0 ]; do
        mount --bind "/run/image/$1" "$2" || return
        shift 2
    done
    umount -l /run/image
}
put_emulator() {
    deploy emulator "$1" "$2" && put_aside "$1" "$1-${2##*/}/image" emulator "$EMULATOR"
}
put_host() {
    deploy host "$1" "$3" && put_aside "$1" "$1-$3-host/$2" modules "$MODULES" emulator "$EMULATOR" driver "${driver-}"
}
op_image() {
    [ "$2" != emulator ] || { change_by_command put_emulator "$1" "$3" && return; }
    [ "$2" != host ] || { change_by_command put_host "$1" "$3" "$4" && return; }
    deploy prepare "$1" "$3" >"$work/said" 2>&1 || cannot "$(tail -n 1 "$work/said")"
    change_by_command put_image "$@"
}

op_drop_cache() { rm -f "$CAPPROBE_CACHE"/*; }
op_cut_cache() { truncate -s "$1" "$CAPPROBE_CACHE"/*; }
op_readonly_cache() { mount -o remount,ro "$root/cache"; }
op_fill_cache() { dd if=/dev/zero of="$root/cache/filler" bs=4096 2>/dev/null; true; }
op_edit_cache() {
    command -v xsltproc >/dev/null || cannot 'there is no xsltproc here'
    cat >"$work/edit.xsl" <<END
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
<xsl:template match="$2" priority="1"/>
</xsl:stylesheet>
END
    for file in "$CAPPROBE_CACHE"/*; do
        xsltproc -o "$work/edited.xml" "$work/edit.xsl" "$file" && cat "$work/edited.xml" >"$file"
    done
}

# --- the end ---

keep() {
    cp /run/answer.xml /run/seen/answer.xml 2>/dev/null
    cp "$CAPPROBE_CACHE"/* /run/seen 2>/dev/null
    { ls -la --full-time --time=mtime "$MODULES" && stat "$MODULES" "$EMULATOR" "$CAPPROBE_CACHE"/*; } >/run/seen/listing.txt 2>&1
    { timeout 10 virsh --version=long && timeout 10 "$EMULATOR" --version && uname -a && { dpkg -l 'libvirt*' 'qemu*' || rpm -qa 'libvirt*' 'qemu*'; }; } >/run/seen/versions.txt 2>&1
}

conclude() {
    stop_libvirt
    ! mountpoint -q /run/seen || keep
    [ ! "$wrong" ] || cannot "something else is wrong$wrong"
    [ "$shown" = 0 ] || { echo "the defect shows at $shown of $((shown + missing)) places" && exit 1; }
    echo 'the defect does not show'
    exit 0
}

# Without an answer at the begin, no defect shows, whether it is there or not.
learn_truth
[ "$truth" = answer ] || cannot "libvirt does not answer about $EMULATOR: $(sed -n 's/^\(virsh # \)*error: //p' /run/truth/said | tail -n 1)"
