#!/usr/bin/env bash
# Writes the minimal seeds of caps-load: for each element and attribute that the loader knows, a small document with it.
set -euo pipefail
mkdir -p "$(dirname "$0")/../../corpus/seeds/caps-load"
seeds=$(realpath "$(dirname "$0")/../../corpus/seeds/caps-load")

# Writes the document NAME for ARCH: the obligatory elements, a flag for each further argument, and the elements from
# standard input. For a flag that is an accelerator it adds a machine, without which there are no domain capabilities.
document() {
    local name=$1 arch=$2 flag
    shift 2
    {
        cat <<END
<qemuCaps>
  <emulator>/usr/bin/qemu-system-x86_64</emulator>
  <qemuctime>1700000000</qemuctime>
  <selfctime>1700000000</selfctime>
  <selfvers>9000000</selfvers>
END
        for flag; do
            printf "  <flag name='%s'/>\n" "$flag"
        done
        cat <<END
  <version>7002000</version>
  <kvmVersion>0</kvmVersion>
  <microcodeVersion>1</microcodeVersion>
  <arch>$arch</arch>
END
        sed 's/^/  /'
        for flag; do
            [[ $flag =~ ^(kvm|tcg|hvf)$ ]] || continue
            printf "  <machine type='%s' name='virt' maxCpus='8' default='yes'/>\n" "$flag"
        done
        echo "</qemuCaps>"
    } >"$seeds/$name.xml"
}

document minimal x86_64 </dev/null
document flags x86_64 kvm tcg hvf sdl virtio-net-pci </dev/null
{ echo "<?capprobe emulator='/usr/bin/qemu-system-x86'?>" && cat "$seeds/minimal.xml"; } >"$seeds/emulator-other.xml"
sed 's/9000000/9000001/' "$seeds/minimal.xml" >"$seeds/stale-version.xml"
sed 's/<selfctime>1700000000/<selfctime>1700000001/' "$seeds/minimal.xml" >"$seeds/stale-ctime.xml"
for arch in i686 aarch64 armv7l ppc64 riscv64 s390x mips sparc; do
    document "arch-$arch" "$arch" kvm tcg </dev/null
done

document moddir-mtime x86_64 <<<'<qemumoddirmtime>1700000001</qemumoddirmtime>'
document signature x86_64 <<<'<hostCPUSignature>GenuineIntel, family: 6, model: 60, stepping: 3</hostCPUSignature>'
document package x86_64 <<<'<package>v7.2.0</package>'
document package-empty x86_64 <<<'<package/>'
document kernel-version x86_64 <<<'<kernelVersion>6.1.0 #1 SMP</kernelVersion>'
document nesting x86_64 kvm <<<'<kvmSupportsNesting/>'
document secure-guest s390x kvm <<<'<kvmSupportsSecureGuest/>'
document cpudata x86_64 <<'END'
<cpudata arch='x86'>
  <cpuid eax_in='0x00000001' ecx_in='0x00' eax='0x000306c3' ebx='0x00100800' ecx='0x7ffafbff' edx='0xbfebfbff'/>
  <msr index='0x10a' eax='0x00000001' edx='0x00000000'/>
</cpudata>
END

document host-cpu x86_64 kvm <<'END'
<hostCPU type='kvm' model='base' migratability='yes'>
  <property name='sse4.2' type='boolean' value='true' migratable='yes'/>
  <property name='invtsc' type='boolean' value='false' migratable='no'/>
  <property name='vendor' type='string' value='GenuineIntel'/>
  <property name='family' type='number' value='6'/>
  <property name='model' type='number' value='60'/>
  <property name='stepping' type='number' value='3'/>
</hostCPU>
END
document host-cpu-models x86_64 kvm <<END
<hostCPU type='kvm' model='base' migratability='yes'>
$(printf "  <property name='%s' type='boolean' value='true' migratable='yes'/>\n" aes apic avx avx2 bmi1 bmi2 clflush cmov cx16 cx8 \
    de erms fma fpu fsgsbase fxsr hle invpcid lahf_lm lm mca mce mmx movbe msr mtrr nx pae pat pcid pclmulqdq pge pni popcnt pse \
    pse36 rdtscp rtm sep smep sse sse2 sse4.1 sse4.2 ssse3 syscall tsc tsc-deadline vmx x2apic xsave)
  <property name='vendor' type='string' value='GenuineIntel'/>
  <property name='family' type='number' value='6'/>
  <property name='model' type='number' value='1'/>
  <property name='stepping' type='number' value='3'/>
</hostCPU>
$(printf "<cpu type='kvm' name='%s' usable='yes'/>\n" Broadwell Haswell Haswell-noTSX IvyBridge Opteron_G5 SandyBridge qemu64)
END
document host-cpu-unmigratable x86_64 kvm <<'END'
<hostCPU type='kvm' model='base' migratability='yes'>
  <property name='avx2' type='boolean' value='true' migratable='no'/>
  <property name='sse4.2' type='boolean' value='true' migratable='yes'/>
</hostCPU>
END
document host-cpu-tcg x86_64 tcg <<'END'
<hostCPU type='tcg' model='max' migratability='no'>
  <property name='svm' type='boolean' value='true'/>
</hostCPU>
END
document host-cpu-s390x s390x kvm <<'END'
<hostCPU type='kvm' model='z14.2-base' migratability='no'>
  <property name='aen' type='boolean' value='true'/>
  <property name='vx' type='boolean' value='false'/>
</hostCPU>
END
document deprecated-features s390x kvm <<'END'
<hostCPU type='kvm' model='z14.2-base' migratability='no'>
  <property name='bpb' type='boolean' value='true'/>
  <deprecatedFeatures>
    <property name='bpb'/>
  </deprecatedFeatures>
</hostCPU>
END

document cpu x86_64 kvm tcg <<'END'
<cpu type='kvm' name='Haswell' typename='Haswell-x86_64-cpu' usable='yes'/>
<cpu type='kvm' name='Opteron_G5' typename='Opteron_G5-x86_64-cpu' usable='no'>
  <blocker name='fma4'/>
  <blocker name='xop'/>
</cpu>
<cpu type='kvm' name='old' usable='unknown' deprecated='yes'/>
<cpu type='tcg' name='qemu64' typename='qemu64-x86_64-cpu' usable='yes'/>
END
document cpu-host s390x kvm <<<"<cpu type='kvm' name='host' typename='host-s390x-cpu' usable='yes'/>"
document cpu-m68k m68k tcg <<<"<cpu type='tcg' name='m68040' typename='m68040-m68k-cpu' usable='unknown'/>"
document machine x86_64 kvm tcg <<'END'
<machine type='kvm' name='pc-i440fx-7.2' alias='pc' hotplugCpus='yes' maxCpus='255' default='yes' defaultCPU='qemu64-x86_64-cpu' numaMemSupported='yes' defaultRAMid='pc.ram'/>
<machine type='kvm' name='pc-q35-7.2' alias='q35' hotplugCpus='yes' maxCpus='288' acpi='yes'/>
<machine type='tcg' name='isapc' maxCpus='1' deprecated='yes' acpi='no'/>
END
{ echo "<?capprobe machine='q35' type='kvm' arch='i686'?>" && cat "$seeds/machine.xml"; } >"$seeds/machine-chosen.xml"
document hvf x86_64 hvf <<'END'
<cpu type='hvf' name='host' typename='host-x86_64-cpu' usable='yes'/>
<machine type='hvf' name='pc-q35-7.2' alias='q35' maxCpus='288' default='yes'/>
END

document gic aarch64 kvm <<'END'
<gic version='2' kernel='no' emulated='yes'/>
<gic version='3' kernel='yes' emulated='no'/>
END
document gic-emulated aarch64 kvm tcg <<'END'
<gic version='2' kernel='yes' emulated='yes'/>
END
document s390-pv s390x kvm confidential-guest-support s390-pv-guest <<<'<kvmSupportsSecureGuest/>'
document s390-old-machine s390x kvm <<'END'
<machine type='kvm' name='s390-ccw-virtio-2.4' maxCpus='8'/>
END
document sev x86_64 kvm sev-guest <<'END'
<sev>
  <cbitpos>47</cbitpos>
  <reducedPhysBits>1</reducedPhysBits>
  <pdh>UERI</pdh>
  <certChain>Q0hBSU4=</certChain>
  <cpu0Id>SUQ=</cpu0Id>
</sev>
END
document tpm ppc64 kvm tpm-spapr spapr-tpm-proxy </dev/null
document sgx x86_64 kvm sgx-epc <<'END'
<sgx supported='yes'>
  <flc>yes</flc>
  <sgx1>yes</sgx1>
  <sgx2>no</sgx2>
  <section_size unit='KiB'>192512</section_size>
  <sections>
    <section node='0' size='96256' unit='KiB'/>
    <section node='1' size='96256' unit='KiB'/>
  </sections>
</sgx>
END
document hyperv x86_64 kvm <<'END'
<hypervCapabilities supported='yes'>
  <cap name='relaxed'/>
  <cap name='vapic'/>
  <cap name='spinlocks'/>
</hypervCapabilities>
END
document hyperv-unsupported x86_64 kvm <<<"<hypervCapabilities supported='no'/>"

# Injected failures: see fuzz/targets/caps-load.c.
{ printf "<?capprobe allocation='20'?>" && cat "$seeds/machine.xml"; } >"$seeds/allocation-parsing.xml"
{ printf "<?capprobe read='100'?>" && cat "$seeds/cpu.xml"; } >"$seeds/read-error.xml"
echo "$seeds"
