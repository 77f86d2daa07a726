# shellcheck shell=bash
# Options and operands of the commands of scripts/fuzz: declarations, parser, help. To be sourced.
#
# Each command declares what it takes in comments at the head of its file:
#
#   # verb: NAME [OPERANDS]               OPERANDS: nothing, ONE, [AT-MOST-ONE] or [ANY]...; TARGET is checked
#   # about: TEXT                         one line for the list of commands
#   # help: TEXT                          a line of the description
#   # option: --NAME [VALUE] | TEXT       an option; without VALUE it is a switch
#   # shared: --NAME...                   options of several commands, described in shared_options
#   # example: COMMAND LINE
#
# After parse_arguments, option[NAME] holds the value of each option that was given ('yes' for a switch), operands holds
# the operands, and target the operand TARGET.

declare -gA option=()
declare -g verb='' target=''
declare -ga operands=()

# Each C file of fuzz/targets/ is a target.
declare -ga targets
mapfile -t targets < <(grep -l '^LLVMFuzzerTestOneInput' fuzz/targets/*.c | sed 's|.*/||; s|\.c$||')

declare -gA shared_options=(
    [--flavour]='FLAVOUR | flavour to build (default: asan): replay, asan, msan, libfuzzer, afl, afl-asan, afl-cmplog, coverage, environment; see scripts/build-libvirt --help'
    [--release]='RELEASE | release of libvirt (default: 9.0.0); see scripts/build-libvirt --help'
    [--src]='DIR | source tree of libvirt, instead of a release'
    [--to]='DIR | build libvirt in DIR (default: build/libvirt-RELEASE-FLAVOUR)'
)

# Exits with the status for wrong usage.
usage_error() {
    say "$*; see scripts/fuzz ${verb:+$verb }--help"
    exit 254
}

is_target() {
    local name
    for name in "${targets[@]}"; do
        [[ $name != "$1" ]] || return 0
    done
    return 1
}

check_target() {
    is_target "$1" || usage_error "unknown target '$1'; targets: ${targets[*]}"
}

# Prints the values that COMMAND declares for KEY, one per line.
declared() {
    local command=$1 key=$2
    sed -nE "s/^# $key: ?//p" "fuzz/verbs/$command.sh"
}

# Prints the options of COMMAND, one per line: --NAME VALUE | TEXT.
declared_options() {
    local command=$1 name
    declared "$command" option
    for name in $(declared "$command" shared); do
        printf '%s %s\n' "$name" "${shared_options[$name]}"
    done
    echo '-h, --help | print this help'
}

# Prints lines of the form NAME | TEXT as two columns.
two_columns() {
    awk -F' \\| ' -v width="$1" '{ printf "  %-*s  %s\n", width, $1, $2 }' | fold -s -w 116 |
        awk -v width="$1" '{ sub(/ +$/, "") } /^  [^ ]/ { print; next } { printf "%*s%s\n", width + 4, "", $0 }'
}

command_help() {
    local command=$1 about usage
    about=$(declared "$command" about)
    usage=$(declared "$command" verb)
    printf 'Usage: scripts/fuzz %s [OPTION]...\n\n%s.\n' "$usage" "${about^}"
    declared "$command" help | sed '1 s/^/\n/'
    printf '\nOptions:\n'
    declared_options "$command" | two_columns 19
    printf '\nExamples:\n'
    declared "$command" example | sed 's/^/  /'
    [[ $usage != *TARGET* ]] || printf '\nTargets: %s\n' "${targets[*]}"
}

# Checks the number of operands, and the target if there is one.
check_operands() {
    local usage list=''
    usage=$(declared "$verb" verb)
    usage=${usage#"$verb"}
    usage=${usage# }
    [[ $usage != *TARGET* ]] || list="; targets: ${targets[*]}"
    case $usage in
    '') ((${#operands[@]} == 0)) || usage_error "$verb takes no operands, but got '${operands[*]}'" ;;
    *...) ;;
    \[*\]) ((${#operands[@]} <= 1)) || usage_error "$verb takes at most one ${usage//[\[\]]/}, but got '${operands[*]}'$list" ;;
    *) ((${#operands[@]} == 1)) || usage_error "$verb takes one $usage, but got ${#operands[@]}$list" ;;
    esac
    if [[ $usage =~ ^\[?TARGET\]?$ && ${operands[*]} ]]; then
        target=${operands[0]}
        check_target "$target"
    fi
}

# Parses the arguments of COMMAND.
parse_arguments() {
    local line name value
    local -A takes=()
    verb=$1
    shift
    while IFS= read -r line; do
        read -r name value <<<"${line%% | *}"
        takes[$name]=$value
    done < <(declared_options "$verb")
    while (($#)); do
        case $1 in
        -h | --help)
            command_help "$verb"
            exit 0
            ;;
        -*)
            [[ ${takes[$1]+known} ]] || usage_error "$verb does not take the option $1"
            if [[ ${takes[$1]} ]]; then
                [[ ${2-} ]] || usage_error "$1 needs a value: $1 ${takes[$1]}"
                option[${1#--}]=$2
                shift
            else
                # shellcheck disable=SC2034  # for the commands
                option[${1#--}]=yes
            fi
            ;;
        *) operands+=("$1") ;;
        esac
        shift
    done
    check_operands
}
