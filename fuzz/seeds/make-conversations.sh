#!/usr/bin/env bash
# Writes the minimal seeds of caps-probe: conversations with emulators that have almost nothing. Each of the last ones has
# one feature that emulators on ordinary hosts do not report.
set -euo pipefail
mkdir -p "$(dirname "$0")/../../corpus/seeds/caps-probe"
seeds=$(realpath "$(dirname "$0")/../../corpus/seeds/caps-probe")

# Writes the conversation NAME with an emulator for ARCH. KVM is true or false. Standard input holds more replies, one per
# line: the name of a command and what it returns. They take precedence over the standard ones.
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
        awk '!seen[$1]++ { name = $1; sub(/^[^ ]+ /, ""); printf "{\"execute\":\"%s\"}\n{\"return\": %s}\n", name, $0 }' <<<"$said"
    } >"$seeds/minimal-$name.jsonl"
    echo "$seeds/minimal-$name.jsonl"
}

for arch in x86_64 aarch64 ppc64 s390x riscv64; do
    conversation "$arch" "$arch" false </dev/null
    conversation "$arch-kvm" "$arch" true </dev/null
done

conversation gic aarch64 true <<'END'
query-gic-capabilities [{"emulated": true, "version": 2, "kernel": false}, {"emulated": false, "version": 3, "kernel": true}]
END
conversation sev x86_64 true <<'END'
qom-list-types [{"name": "sev-guest"}]
query-sev-capabilities {"pdh": "UERI", "cert-chain": "Q0hBSU4=", "cbitpos": 47, "reduced-phys-bits": 1}
END
conversation sgx x86_64 true <<'END'
qom-list-types [{"name": "sgx-epc"}]
query-sgx-capabilities {"sgx": true, "sgx1": true, "sgx2": false, "flc": true, "section-size": 197132288, "sections": [{"node": 0, "size": 98566144}, {"node": 1, "size": 98566144}]}
END
conversation hyperv x86_64 true <<'END'
qom-list-types [{"name": "max-x86_64-cpu"}]
qom-list-properties [{"name": "unavailable-features"}, {"name": "hv-vapic"}]
query-cpu-model-expansion {"model": {"name": "base", "props": {"vmx": true, "svm": false, "hv-vapic": true, "hv-vendor-id": "x", "family": 6, "model": 60, "stepping": 3, "vendor": "GenuineIntel"}}}
END
conversation models x86_64 true <<'END'
query-cpu-definitions [{"name": "max", "typename": "max-x86_64-cpu"}, {"name": "Haswell", "typename": "Haswell-x86_64-cpu", "unavailable-features": ["hle", "rtm"], "deprecated": false}, {"name": "Opteron_G5", "typename": "Opteron_G5-x86_64-cpu", "unavailable-features": [], "deprecated": true}, {"name": "alias", "typename": "x", "alias-of": "Haswell"}]
END
conversation deprecated s390x true <<'END'
query-cpu-model-expansion {"model": {"name": "z14.2-base", "props": {"aen": true, "bpb": false}}, "deprecated-props": ["bpb"]}
END
