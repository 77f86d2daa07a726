/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the completion for a shell: `make-completion bash|zsh|fish >FILE`. */
#include <stdlib.h>

#include "tables.h"

/* Whether the argument is a list of words such as "quick|standard|all". */
static bool
is_list(const char *argument)
{
    return strchr(argument, '|') != NULL;
}

static bool
is_file(const char *argument)
{
    return strcmp(argument, "FILE") == 0 || strcmp(argument, "PATH") == 0;
}

/* Whether the arguments of a command, such as "RESULT [RESULT]" or "RESULT...", are more than one. */
static bool
takes_several(const char *arguments)
{
    return strchr(arguments, ' ') || strstr(arguments, "...");
}

/* Whether an earlier row has the same name, for other commands. */
static bool
is_repeated(size_t option)
{
    for (size_t earlier = 0; earlier < option; earlier++) {
        if (strcmp(options[earlier].name, options[option].name) == 0)
            return true;
    }
    return false;
}

/* Prints the words of such a list, separated by blanks. */
static void
print_list(const char *argument)
{
    for (; *argument; argument++)
        putchar(*argument == '|' ? ' ' : *argument);
}

static void
print_command_names(void)
{
    for (size_t command = 0; command < N_ELEMENTS(commands); command++)
        printf("%s ", commands[command].name);
}

/* Prints `text` for the inside of a single-quoted string. */
static void
print_quoted(const char *text, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs(quote, stdout);
        else
            putchar(*text);
    }
}

/* Bash: the word before the cursor decides; without a match, bash completes file names. */
static void
make_bash(void)
{
    fputs("# Completion of capprobe for bash. Generated.\n"
          "_capprobe() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=\n"
          "    COMPREPLY=()\n"
          "    # Bash splits --option=value into three words.\n"
          "    [[ $word != = ]] || word=\n"
          "    [[ $before != = ]] || before=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        words='",
          stdout);
    print_command_names();
    fputs("help --help --version'\n"
          "    else\n"
          "        case $before in\n",
          stdout);
    for (size_t option = 0; option < N_ELEMENTS(options); option++) {
        const char *argument = options[option].argument;
        if (!*argument || is_repeated(option))
            continue;
        printf("        --%s)\n", options[option].name);
        if (is_list(argument)) {
            fputs("            words='", stdout);
            print_list(argument);
            fputs("'\n", stdout);
        } else if (strcmp(argument, "DIR") == 0) {
            fputs("            compopt -o filenames 2>/dev/null\n"
                  "            mapfile -t COMPREPLY < <(compgen -d -- \"$word\")\n"
                  "            return\n",
                  stdout);
        } else if (is_file(argument)) {
            fputs("            return\n", stdout);
        } else {
            fputs("            compopt +o default 2>/dev/null\n"
                  "            return\n",
                  stdout);
        }
        fputs("            ;;\n", stdout);
    }
    fputs("        *)\n"
          "            case ${COMP_WORDS[1]} in\n",
          stdout);
    for (size_t command = 0; command < N_ELEMENTS(commands); command++) {
        printf("            %s) ", commands[command].name);
        if (*commands[command].arguments)
            fputs("[[ $word != -* ]] || ", stdout);
        fputs("words='", stdout);
        for (size_t option = 0; option < N_ELEMENTS(options); option++) {
            if (takes(command, option))
                printf("--%s ", options[option].name);
        }
        fputs("--help' ;;\n", stdout);
    }
    fputs("            help) words='", stdout);
    print_command_names();
    fputs("' ;;\n"
          "            esac\n"
          "            ;;\n"
          "        esac\n"
          "    fi\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "}\n"
          "complete -o default -F _capprobe capprobe\n",
          stdout);
}

/* Prints one option for zsh's _arguments. */
static void
print_zsh_option(size_t option)
{
    const char *argument = options[option].argument;
    printf(" \\\n            '%s--%s%s[", strcmp(options[option].type, "FILENAME_ARRAY") == 0 ? "*" : "",
           options[option].name, *argument ? "=" : "");
    for (const char *text = options[option].text; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr("[]:\\", *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
    putchar(']');
    if (is_list(argument)) {
        printf(":%s:(", options[option].name);
        print_list(argument);
        putchar(')');
    } else if (*argument) {
        printf(":%s:%s", argument, strcmp(argument, "DIR") == 0 ? "_files -/" : is_file(argument) ? "_files" : " ");
    }
    putchar('\'');
}

static void
make_zsh(void)
{
    fputs("#compdef capprobe\n"
          "# Completion of capprobe for zsh. Generated.\n"
          "_capprobe() {\n"
          "    local context state state_descr line\n"
          "    local -a subcommands\n"
          "    typeset -A opt_args\n"
          "    subcommands=(\n",
          stdout);
    for (size_t command = 0; command < N_ELEMENTS(commands); command++) {
        printf("        '%s:", commands[command].name);
        print_quoted(commands[command].summary, "'\\''");
        fputs("'\n", stdout);
    }
    fputs("        'help:explain a command'\n"
          "    )\n"
          "    _arguments -C '(- *)--help[print help]' '(- *)--version[print the version]' \\\n"
          "        '1:command:->command' '*::argument:->argument'\n"
          "    case $state in\n"
          "    command) _describe command subcommands ;;\n"
          "    argument)\n"
          "        case $words[1] in\n",
          stdout);
    for (size_t command = 0; command < N_ELEMENTS(commands); command++) {
        printf("        %s)\n            _arguments '(- *)--help[print help]'", commands[command].name);
        for (size_t option = 0; option < N_ELEMENTS(options); option++) {
            if (takes(command, option))
                print_zsh_option(option);
        }
        if (*commands[command].arguments)
            printf(" \\\n            '%s:%s:_files'", takes_several(commands[command].arguments) ? "*" : "1",
                   commands[command].arguments);
        fputs("\n            ;;\n", stdout);
    }
    fputs("        help) _describe command subcommands ;;\n"
          "        esac\n"
          "        ;;\n"
          "    esac\n"
          "}\n"
          "_capprobe \"$@\"\n",
          stdout);
}

static void
make_fish(void)
{
    fputs("# Completion of capprobe for fish. Generated.\n"
          "complete -c capprobe -f\n"
          "complete -c capprobe -n __fish_use_subcommand -l version -d 'Print the version'\n"
          "complete -c capprobe -l help -s h -d 'Print help'\n"
          "complete -c capprobe -n __fish_use_subcommand -a help -d 'Explain a command'\n"
          "complete -c capprobe -n '__fish_seen_subcommand_from help' -a '",
          stdout);
    print_command_names();
    fputs("'\n", stdout);
    for (size_t command = 0; command < N_ELEMENTS(commands); command++) {
        printf("complete -c capprobe -n __fish_use_subcommand -a %s -d '", commands[command].name);
        print_quoted(commands[command].summary, "\\'");
        fputs("'\n", stdout);
        if (*commands[command].arguments)
            printf("complete -c capprobe -n '__fish_seen_subcommand_from %s' -F\n", commands[command].name);
    }
    for (size_t option = 0; option < N_ELEMENTS(options); option++) {
        const char *argument = options[option].argument;
        fputs("complete -c capprobe -n '__fish_seen_subcommand_from", stdout);
        for (size_t command = 0; command < N_ELEMENTS(commands); command++) {
            if (takes(command, option))
                printf(" %s", commands[command].name);
        }
        printf("' -l %s -d '", options[option].name);
        print_quoted(options[option].text, "\\'");
        putchar('\'');
        if (is_list(argument)) {
            fputs(" -x -a '", stdout);
            print_list(argument);
            putchar('\'');
        } else if (strcmp(argument, "DIR") == 0) {
            fputs(" -x -a '(__fish_complete_directories)'", stdout);
        } else if (is_file(argument)) {
            fputs(" -r -F", stdout);
        } else if (*argument) {
            fputs(" -x", stdout);
        }
        putchar('\n');
    }
}

int
main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "bash") == 0)
        make_bash();
    else if (argc == 2 && strcmp(argv[1], "zsh") == 0)
        make_zsh();
    else if (argc == 2 && strcmp(argv[1], "fish") == 0)
        make_fish();
    else
        return EXIT_FAILURE;
    return fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
