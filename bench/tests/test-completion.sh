#!/usr/bin/env bash
# Completion in bash, zsh and fish. BUILD names the build folder.
# shellcheck source=bench/tests/tap.sh
source "${0%/*}/tap.sh"
folder=$BUILD/docs/completion
cd "$scratch" || exit 99
mkdir libvirt
touch first.json second.json

# Prints what bash offers for the last of these words. Bash takes `=` for a word of its own.
complete_bash() (
    # shellcheck disable=SC1091  # generated
    source "$folder/capprobe"
    COMP_WORDS=(capprobe "$@")
    COMP_CWORD=$#
    _capprobe
    printf '%s\n' "${COMPREPLY[@]}" | sed '/^$/d'
)

# Prints what fish offers at the end of a line.
complete_fish() {
    HOME=$PWD fish --no-config -c "source $folder/capprobe.fish; complete -C 'capprobe $*'" | cut -f 1
}

# Prints the line to which zsh completes `capprobe $*`: Tab completes, then Ctrl-X ends the shell and keeps the line.
complete_zsh() {
    rm -f line
    zsh -f -c '
        zmodload zsh/zpty
        zpty shell "PS1= zsh -f -i"
        zpty -w shell "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D
            keep() { print -r -- \$BUFFER >line; exit }; zle -N keep; bindkey ^X keep; bindkey ^I complete-word"
        zpty -w -n shell "capprobe $2"$'"'\\t\\x18'"'
        while zpty -r shell output; do :; done
    ' zsh "$folder" "$*"
    cat line
}

# SHELL EXPECTED WORD...: the shell offers exactly the expected words.
offers() {
    local shell=$1 expected=$2
    shift 2
    diff <(tr ' ' '\n' <<<"$expected" | sed '/^$/d') <("complete_$shell" "$@" | sort)
}

check_shell() {
    local shell=$1
    check "$shell: commands" offers "$shell" 'help' he
    check "$shell: commands by their first letter" offers "$shell" 'doctor' d
    check "$shell: commands for help" offers "$shell" 'judge' help ju
    check "$shell: options of a command" offers "$shell" '--output' judge --ou
    check "$shell: no options of another command" offers "$shell" '' judge --su
    check "$shell: words for an option" offers "$shell" 'all quick standard' bench --suite ''
    check "$shell: folders for --libvirt" offers "$shell" "$2" bench --libvirt lib
}

# NAME EXPECTED WORD...: zsh completes the words to this line.
check_zsh() {
    local name=$1 expected=$2
    shift 2
    check "zsh: $name" diff <(printf 'capprobe %s\n' "$expected") <(complete_zsh "$@")
}

check 'bash: syntax' bash -n "$folder/capprobe"
check 'bash: shellcheck' shellcheck -s bash "$folder/capprobe"
check_shell bash libvirt
check 'bash: a word after =' offers bash 'quick' bench --suite = q
check 'bash: files are left to bash' offers bash '' replay x
if command -v fish >/dev/null; then
    check 'fish: syntax' fish -n "$folder/capprobe.fish"
    check_shell fish libvirt/
else
    skip 'fish' 'fish is not installed'
fi
if command -v zsh >/dev/null; then
    check 'zsh: syntax' zsh -n "$folder/_capprobe"
    check_zsh 'a command' 'help ' he
    check_zsh 'a command for help' 'help judge ' help ju
    check_zsh 'an option of a command' 'judge --output=' judge --ou
    check_zsh 'no option of another command' 'judge --su' judge --su
    check_zsh 'a word for an option' 'bench --suite quick ' bench --suite q
    check_zsh 'the second of several files' 'compare first.json second.json ' compare first.json se
    check_zsh 'a folder for --libvirt' 'doctor --libvirt libvirt/' doctor --libvirt lib
else
    skip 'zsh' 'zsh is not installed'
fi

done_testing
