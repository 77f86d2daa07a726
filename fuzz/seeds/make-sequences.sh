#!/usr/bin/env bash
# Writes the seeds of caps-sequence: the host, the cache file or the daemon changes between questions, in one respect each.
set -euo pipefail
seeds=$(realpath "$(dirname "$0")/../../corpus/seeds")
mkdir -p "$seeds/caps-sequence"

# Prints the document of a seed of caps-cachefile.
document_of() {
    sed 1d "$seeds/caps-cachefile/$1.xml"
}

# Writes the seed NAME: each STEP is what the step does, and its other options; then a colon and the seed of caps-cachefile
# whose document it has, if any. Documents are signed unless the step says otherwise.
seed() {
    local name=$1 step options
    shift
    for step; do
        options=${step%%:*}
        [[ $options == *signed=* ]] || options+=" signed='yes'"
        printf "<?capprobe step='%s'%s?>\n" "${options%% *}" "${options#"${options%% *}"}"
        [[ $step != *:* ]] || document_of "${step#*:}"
    done >"$seeds/caps-sequence/$name.xml"
}

seed memory "ask file='absent'" ask "ask file='absent'"
seed restart "ask file='absent'" restart "restart file='absent'"
seed emulator "ask file='absent'" "ask emulator-ctime='1700000001'" "ask emulator-ctime='1700000001'"
seed emulator-back "ask file='absent'" "ask emulator-ctime='1700000001'" ask
seed modules "ask file='absent'" "ask module-mtime='1700000001'" ask
seed kvm "ask kvm='absent'" ask "ask kvm='absent'"
# The name says which known defect it shows.
seed kvm-permission--restored "ask kvm='root-only' file='absent'" "ask kvm='root-only'" ask ask
seed kvm-features "ask file='absent'" "ask nested='yes'" "ask nested='yes' secure-guest='yes'" ask
seed microcode "ask file='absent'" "ask microcode='2'"
seed kernel "ask file='absent'" "ask kernel='6.1.1'" "restart kernel='6.1.1'"
seed signature "ask file='absent'" "restart signature='none'" restart
seed file-replaced ask:kvm ask:kvm-kernel restart:kvm
seed file-other "ask kvm='absent':tcg" "ask:kvm" "ask kvm='absent' file='kept'" "restart kvm='absent':tcg"
seed file-broken ask:kvm ask:cut restart:cut restart
seed file-foreign ask:foreign "ask kvm='absent'" "restart emulator-ctime='1700000001'"
seed file-kernel "restart kernel='6.1.1':kvm" restart
seed file-signature "restart signature='none':kvm" restart
seed file-cpudata ask:kvm-cpudata ask:kvm restart:kvm-cpudata
seed file-i686 "ask kvm='absent':i686" restart:i686
seed file-unsigned "ask signed='no':unsigned" "restart signed='no':unsigned"
seed file-emulators restart:emulator-missing restart:emulator-other
# Its name says which known defect it shows.
seed cache-unwritable--written "ask file='absent'" "ask emulator-ctime='1700000001' file='read-only'"
