#!/usr/bin/env bash
# Writes the seeds of caps-cachefile: two documents that are valid on the fake host, one made without KVM and one with it;
# each for that host, and for hosts that differ in one respect.
set -euo pipefail
mkdir -p "$(dirname "$0")/../../corpus/seeds/caps-cachefile"
seeds=$(realpath "$(dirname "$0")/../../corpus/seeds/caps-cachefile")

# Prints a document for ARCH: the obligatory elements, then those from standard input.
document() {
    cat <<END
<qemuCaps>
  <emulator>/usr/bin/qemu-system-x86_64</emulator>
  <qemuctime>1700000000</qemuctime>
  <qemumoddirmtime>1700000000</qemumoddirmtime>
  <selfctime>1700000000</selfctime>
  <selfvers>0</selfvers>
  <version>7002000</version>
  <kvmVersion>0</kvmVersion>
  <microcodeVersion>1</microcodeVersion>
  <arch>${1-x86_64}</arch>
$(cat)
</qemuCaps>
END
}

# Writes the seed NAME with the document from standard input; HOST holds attributes that change the fake host.
seed() {
    {
        echo "<?capprobe ${2:+$2 }signed='yes'?>"
        cat
    } >"$seeds/$1.xml"
    echo "$seeds/$1.xml"
}

tcg=$(document </dev/null)
# The CPU data of the fake host, as a C string literal of several parts.
cpudata=$(sed -n '/^static const char host_cpuid/,/;$/p' "$(dirname "$0")/../world/fake-host.c" | grep -o '"[^"]*"' | tr -d '"\n' | sed 's/></>\n  </g')
kvm=$(document <<END
  <flag name='kvm'/>
  <hostCPUSignature>GenuineIntel, family: 6, model: 60, stepping: 3</hostCPUSignature>
  <kernelVersion>6.1.0 #1 SMP</kernelVersion>
  $cpudata
END
)

seed kvm <<<"$kvm"
for host in "emulator-ctime='1700000001'" "module-mtime='1700000001'" "kvm='absent'" "nested='yes'" "secure-guest='yes'" \
    "microcode='2'" "kernel='6.1.1'" "signature='none'" "file='absent'"; do
    seed "kvm-${host%%=*}" "$host" <<<"$kvm"
done
seed tcg "kvm='absent'" <<<"$tcg"
for host in "emulator-ctime='1700000001'" "module-mtime='1700000001'" "microcode='2'" "kernel='6.1.1'" "file='read-only'"; do
    seed "tcg-${host%%=*}" "kvm='absent' $host" <<<"$tcg"
done
seed tcg-kvm <<<"$tcg"
seed tcg-vanished "kvm='absent' module-mtime='none'" <<<"${tcg/<qemumoddirmtime>1700000000/<qemumoddirmtime>0}"
seed foreign <<<"$(document s390x </dev/null)"
seed cut "kvm='absent'" <<<"${tcg%</qemuCaps>}"
seed unsigned "signed='no' kvm='absent'" <<<"$tcg"
seed empty "kvm='absent'" </dev/null
seed i686 "kvm='absent'" <<<"$(document i686 </dev/null)"
seed emulator-missing "kvm='absent'" <<<"$(sed '/<emulator>/d' <<<"$tcg")"
seed emulator-other "kvm='absent'" <<<"${tcg/qemu-system-x86_64</qemu-system-x86<}"
seed kvm-cpudata <<<"${kvm/0x306c3/0x306c4}"
# Their names say which known defects they show.
seed cache-unwritable--stale "kvm='absent' emulator-ctime='1700000001' file='read-only'" <<<"$tcg"
seed kvm-permission--kvm "kvm='root-only'" <<<"$kvm"
