#!/usr/bin/env bash
# Writes the minimal seeds of caps-probe: conversations with emulators that have almost nothing. Some have one feature that
# emulators on ordinary hosts do not report; others refuse one command.
set -euo pipefail
mkdir -p "$(dirname "$0")/../../corpus/seeds/caps-probe"
seeds=$(realpath "$(dirname "$0")/../../corpus/seeds/caps-probe")

# Writes the conversation NAME with an emulator for ARCH. KVM is true or false. Standard input holds more replies, one per
# line: the name of a command and what it returns, or an error class after an exclamation mark. They take precedence over the
# standard ones. COMMAND(TYPE) is the command about a type; COMMAND+ gives another reply, for the next time that it is used.
conversation() {
    local name=$1 arch=$2 kvm=$3 said
    said=$(cat; cat <<END
qmp_capabilities {}
query-version {"qemu": {"micro": 0, "minor": 2, "major": 7}, "package": "minimal"}
query-target {"arch": "$arch"}
query-qmp-schema []
query-commands [{"name": "query-cpu-definitions"}, {"name": "query-cpu-model-expansion"}]
query-kvm {"enabled": $kvm, "present": $kvm}
qom-list-types []
device-list-properties []
qom-list-properties []
query-machines [{"name": "machine-7.2", "alias": "machine", "is-default": true, "cpu-max": 4, "hotpluggable-cpus": true, "default-cpu-type": "max"}]
query-cpu-definitions [{"name": "max", "typename": "max", "unavailable-features": []}]
query-tpm-models []
query-tpm-types []
query-command-line-options []
query-migrate-capabilities []
query-cpu-model-expansion {"model": {"name": "base", "props": {}}}
END
    )
    {
        echo '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 2, "major": 7}, "package": "minimal"}, "capabilities": []}}'
        # Of two replies to the same command the first counts.
        awk '
            {
                again = $1 ~ /[+]$/
                if (!again && seen[$1]++)
                    next
                split($1, word, /[()+]/)
                command = "\"" word[1] "\""
                if ($1 ~ /[(]/)
                    command = command ",\"arguments\":{\"typename\":\"" word[2] "\"}"
                sub(/^[^ ]+ /, "")
                reply = /^!/ ? "{\"error\": {\"class\": \"" substr($0, 2) "\", \"desc\": \"refused\"}}" : "{\"return\": " $0 "}"
                exchange = "{\"execute\":" command "}\n" reply "\n"
                if (again)
                    later = later exchange
                else
                    printf "%s", exchange
            }
            END { printf "%s", later }' <<<"$said"
    } >"$seeds/$name.jsonl"
    echo "$seeds/$name.jsonl"
}

for arch in x86_64 aarch64 ppc64 s390x riscv64; do
    conversation "minimal-$arch" "$arch" false </dev/null
    conversation "minimal-$arch-kvm" "$arch" true </dev/null
done

conversation minimal-gic aarch64 true <<'END'
query-gic-capabilities [{"emulated": true, "version": 2, "kernel": false}, {"emulated": false, "version": 3, "kernel": true}]
END
conversation minimal-sev x86_64 true <<'END'
qom-list-types [{"name": "sev-guest"}]
query-sev-capabilities {"pdh": "UERI", "cert-chain": "Q0hBSU4=", "cbitpos": 47, "reduced-phys-bits": 1}
END
conversation minimal-sgx x86_64 true <<'END'
qom-list-types [{"name": "sgx-epc"}]
query-sgx-capabilities {"sgx": true, "sgx1": true, "sgx2": false, "flc": true, "section-size": 197132288, "sections": [{"node": 0, "size": 98566144}, {"node": 1, "size": 98566144}]}
END
conversation minimal-hyperv x86_64 true <<'END'
qom-list-types [{"name": "max-x86_64-cpu"}]
qom-list-properties [{"name": "unavailable-features"}, {"name": "hv-vapic"}]
query-cpu-model-expansion {"model": {"name": "base", "props": {"vmx": true, "svm": false, "hv-vapic": true, "hv-vendor-id": "x", "family": 6, "model": 60, "stepping": 3, "vendor": "GenuineIntel"}}}
END
conversation minimal-models x86_64 true <<'END'
query-cpu-definitions [{"name": "max", "typename": "max-x86_64-cpu"}, {"name": "Haswell", "typename": "Haswell-x86_64-cpu", "unavailable-features": ["hle", "rtm"], "deprecated": false}, {"name": "Opteron_G5", "typename": "Opteron_G5-x86_64-cpu", "unavailable-features": [], "deprecated": true}, {"name": "alias", "typename": "x", "alias-of": "Haswell"}]
END
conversation minimal-deprecated s390x true <<'END'
query-cpu-model-expansion {"model": {"name": "z14.2-base", "props": {"aen": true, "bpb": false}}, "deprecated-props": ["bpb"]}
END
conversation minimal-scsi x86_64 false <<'END'
device-list-properties [{"name": "scsi", "type": "bool"}]
END
conversation minimal-host-model x86_64 true <<'END'
query-cpu-definitions [{"name": "Haswell", "typename": "Haswell-x86_64-cpu", "unavailable-features": ["cmp-legacy"]}]
query-cpu-model-expansion {"model": {"name": "base", "props": {"fpu": true, "sse2": true, "hv-other": true, "family": 6, "model": 60, "stepping": 3, "vendor": "GenuineIntel"}}}
END
conversation minimal-many-models x86_64 true <<END
query-cpu-definitions [$(printf '{"name": "%s", "unavailable-features": []}, ' Broadwell Haswell Haswell-noTSX IvyBridge SandyBridge){"name": "qemu64"}]
query-cpu-model-expansion {"model": {"name": "base", "props": {$(printf '"%s": true, ' aes apic avx avx2 bmi1 bmi2 clflush cmov cx16 \
    cx8 de erms fma fpu fsgsbase fxsr hle invpcid lahf-lm lm mca mce mmx movbe msr mtrr nx pae pat pcid pclmulqdq pge pni popcnt \
    pse pse36 rdtscp rtm sep smep sse sse2 sse4.1 sse4.2 ssse3 syscall tsc tsc-deadline vmx x2apic xsave)"family": 6, "model": 1, "stepping": 3, "vendor": "GenuineIntel"}}}
END
conversation minimal-other-models x86_64 true <<'END'
query-commands [{"name": "query-cpu-definitions"}]
query-cpu-definitions [{"name": "Opteron_G5", "typename": "Opteron_G5-x86_64-cpu", "unavailable-features": []}]
END
conversation minimal-unmigratable x86_64 true <<'END'
query-cpu-model-expansion {"model": {"name": "base", "props": {"invtsc": false}}}
query-cpu-model-expansion+ {"model": {"name": "base", "props": {"invtsc": false}}}
query-cpu-model-expansion+ {"model": {"name": "base", "props": {"invtsc": true}}}
END
conversation minimal-models-ppc64 ppc64 false <<'END'
query-cpu-definitions [{"name": "power6"}, {"name": "power7"}, {"name": "power8"}, {"name": "power9"}, {"name": "powerpc_e5500"}]
END
conversation minimal-string s390x true <<'END'
query-cpu-model-expansion {"model": {"name": "z14.2-base", "props": {"aen": true, "type": "virt"}}}
END
conversation minimal-no-commands x86_64 false <<<'query-commands []'
conversation minimal-no-expansion s390x true <<'END'
query-commands [{"name": "query-cpu-definitions"}]
END
for version in 4.1 5.1; do
    conversation "minimal-version-$version" x86_64 false \
        <<<"query-version {\"qemu\": {\"micro\": 0, \"minor\": ${version#*.}, \"major\": ${version%.*}}, \"package\": \"\"}"
done
for arch in i386 arm or32 s390 alpha sparc vax; do
    conversation "minimal-$arch" "$arch" false </dev/null
done
conversation minimal-i386-kvm i386 true </dev/null
conversation minimal-machine-none x86_64 true <<<'query-machines [{"name": "none", "cpu-max": 1, "hotpluggable-cpus": false}]'
conversation minimal-nameless-type x86_64 false <<<'query-qmp-schema [{}]'

# What emulators refuse: a command, or what libvirt asks about one type.
for command in query-version query-target query-qmp-schema query-commands device-list-properties qom-list-properties \
    query-cpu-definitions query-cpu-model-expansion query-tpm-models query-tpm-types query-command-line-options \
    query-migrate-capabilities; do
    conversation "refused-$command" x86_64 true <<<"$command !DeviceNotActive"
done
conversation refused-machine x86_64 true <<<'qom-list-properties(none-machine) !DeviceNotActive'
conversation refused-gic aarch64 true <<<'query-gic-capabilities !DeviceNotActive'
conversation refused-tpm-types-unknown x86_64 true <<'END'
query-tpm-models ["tpm-tis"]
query-tpm-types !CommandNotFound
END
for class in GenericError DeviceNotActive; do
    conversation "refused-sev-$class" x86_64 true <<END
qom-list-types [{"name": "sev-guest"}]
query-sev-capabilities !$class
END
    conversation "refused-sgx-$class" x86_64 true <<END
qom-list-types [{"name": "sgx-epc"}]
query-sgx-capabilities !$class
END
done

# What they refuse later: libvirt asks for the CPU model in two steps, also as one that cannot be migrated; then with Hyper-V.
# It starts the emulator again without KVM, if it can do without.
model='query-cpu-model-expansion+ {"model": {"name": "base", "props": {}}}'
conversation refused-unmigratable x86_64 true <<<"$model"$'\nquery-cpu-model-expansion+ !DeviceNotActive'
conversation refused-hyperv x86_64 true <<<"$model"$'\n'"$model"$'\n'"$model"$'\nquery-cpu-model-expansion+ !DeviceNotActive'
for command in query-cpu-definitions query-machines; do
    conversation "refused-$command-without-kvm" x86_64 true <<END
qom-list-types [{"name": "tcg-accel"}]
$command+ !DeviceNotActive
END
done
conversation refused-model-without-kvm x86_64 true <<END
qom-list-types [{"name": "tcg-accel"}]
$model
$model
$model
$model
query-cpu-model-expansion+ !DeviceNotActive
END
