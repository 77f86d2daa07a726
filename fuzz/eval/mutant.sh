# shellcheck shell=bash
# Builds mutants of libvirt's loader: plants a defect, compiles the source like the build of a flavour, links. To be sourced after
# fuzz/eval/fuzzer.sh and fuzz/verbs/unit-tests.sh.
# shellcheck disable=SC2154  # which set what is used here

# shellcheck source=scripts/plant.sh
. scripts/plant.sh

mutant_table=fuzz/eval/mutants.tsv
mutant_file=src/qemu/qemu_capabilities.c # where the defect of the current mutant is

# Prints the file of FUNCTION, from the functions of libvirt in which defects are planted.
file_of_function() {
    case $1 in
    qemuFirmware*) echo src/qemu/qemu_firmware.c ;;
    qemuBuildFileList) echo src/qemu/qemu_interop_config.c ;;
    virDomainCaps* | virSEVCapabilities*) echo src/conf/domain_capabilities.c ;;
    virQEMUQAPI*) echo src/qemu/qemu_qapi.c ;;
    virXML* | virXPath* | catchXML*) echo src/util/virxml.c ;;
    qemuMonitorJSON*) echo src/qemu/qemu_monitor_json.c ;;
    *) echo src/qemu/qemu_capabilities.c ;;
    esac
}

# Prints the names of all mutants.
mutants() {
    grep -v '^#' "$mutant_table" | cut -f 1 | uniq
}

# Prints the edits that make mutant ID, without their description: a mutant with several rows has several.
edit_of() {
    awk -F '\t' -v id="$1" '$1 == id { print $2 "\t" $3 "\t" $4 "\t" $5 }' "$mutant_table"
}

# Sets $directory to the folder of mutant ID and plants its defect there. If the edit has changed, the folder starts empty.
enter_mutant() {
    local edit
    edit=$(edit_of "$1")
    directory=$place/mutants/$1
    mutant_file=$(file_of_function "${edit%%$'\t'*}") # all edits of a mutant are in one file
    if [[ ! -e $directory/edit || $(<"$directory/edit") != "$edit" ]]; then
        rm -rf "$directory"
        mkdir -p "$directory"
        plant_edits "$mutant_table" "$1" "$(source_of_libvirt)/$mutant_file" "$directory/${mutant_file##*/}" || return
        printf '%s\n' "$edit" >"$directory/edit"
    fi
}

# Compiles the source in $directory to OBJECT, with the command that BUILD, a build folder of libvirt, uses for it.
compile_mutant() {
    local build=$1 object=$directory/$2 command
    [[ ! $object -nt $build/compile_commands.json ]] || return 0
    command=$(jq -r --arg file "/$mutant_file" 'first(.[] | select(.file | endswith($file))).command' "$build/compile_commands.json" |
        sed -E 's/ -MD -MQ [^ ]+ -MF [^ ]+//; s/ -o [^ ]+ -c [^ ]+$//')
    (cd "$build" && eval "nice -n 19 $command -w -o '$object.part' -c '$directory/${mutant_file##*/}'") && mv "$object.part" "$object"
}

# Links FUZZER with mutant ID: the mutant's object comes before the archive with the original.
build_mutant() {
    local directory fuzzer=$2 command
    enter_mutant "$1" && compile_mutant "$libvirt/libvirt" fuzz.o || return
    [[ ! $directory/$fuzzer -nt $programs/eval/eval-$fuzzer ]] || return 0
    command=$(ninja -C "$programs" -t commands -s "eval/eval-$fuzzer" |
        sed "s| -o eval/eval-$fuzzer | -o '$directory/$fuzzer.part' '$directory/fuzz.o' |")
    (cd "$programs" && eval "nice -n 19 $command") && mv "$directory/$fuzzer.part" "$directory/$fuzzer"
}

# Links the library with libvirt's QEMU driver that its unit tests load, with mutant ID in place of the original.
build_unit_mutant() {
    local directory library=libtest_qemu_driver.so archive=src/qemu/libvirt_driver_qemu_impl.a others command
    enter_mutant "$1" && compile_mutant "$unit" unit.o || return
    [[ ! $directory/$library -nt $unit/tests/$library ]] || return 0
    others=$(cd "$unit" && ar t "$archive" | grep -v "/${mutant_file##*/}\.o$" | xargs)
    command=$(ninja -C "$unit" -t commands -s "tests/$library" |
        sed "s| -o tests/$library | -o '$directory/$library.part' |; s| $archive | '$directory/unit.o' $others |")
    (cd "$unit" && eval "nice -n 19 $command") && mv "$directory/$library.part" "$directory/$library"
}
