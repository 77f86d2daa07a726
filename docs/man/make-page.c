/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a manual page from a template: `make-page NAME=VALUE... <TEMPLATE >PAGE`. A template is roff. @NAME@ within a line is
 * replaced by VALUE, and a line that is the name of a table, such as @COMMANDS@, by that table.
 */
#include <stdlib.h>

#include "tables.h"

/* Prints `text` so that nothing in it is a roff command. */
static void
print_text(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '~')
            fputs("\\(ti", stdout);
        else if (*text == '\'')
            fputs("\\(aq", stdout);
        else
            putchar(*text);
    }
}

/* An argument that is longer is wider than a line, at the ends of which roff aligns text. */
#define ARGUMENT_MAX 60

/* Prints the argument of an option; a line may end after each of its words. */
static void
print_argument(const char *argument)
{
    for (const char *end; (end = strchr(argument, '|')); argument = end + 1) {
        char word[100];
        snprintf(word, sizeof(word), "%.*s|", (int)(end - argument), argument);
        print_text(word);
        fputs("\\:", stdout);
    }
    print_text(argument);
}

/* Prints an item of a list: `bold italic`, and `text` below it. */
static void
print_item(const char *bold, const char *between, const char *italic, const char *text)
{
    bool wide = strlen(italic) > ARGUMENT_MAX;
    fputs(wide ? ".na\n.TP\n\\fB" : ".TP\n\\fB", stdout);
    print_text(bold);
    fputs("\\fR", stdout);
    fputs(between, stdout);
    fputs("\\fI", stdout);
    print_argument(italic);
    fputs("\\fR\n", stdout);
    print_text(text);
    fputs(wide ? "\n.ad\n" : "\n", stdout);
}

static void
print_commands(void)
{
    for (size_t command = 0; command < N_ELEMENTS(commands); command++) {
        printf(".SS capprobe %s [\\fIOPTION\\fR]... \\fI", commands[command].name);
        print_text(commands[command].arguments);
        fputs("\\fR\n", stdout);
        print_text(commands[command].description);
        putchar('\n');
        for (size_t option = 0; option < N_ELEMENTS(options); option++) {
            char name[100];
            snprintf(name, sizeof(name), "--%s", options[option].name);
            if (takes(command, option))
                print_item(name, *options[option].argument ? "=" : "", options[option].argument, options[option].text);
        }
    }
}

static void
print_examples(void)
{
#define CP_EXAMPLE(command, call, text) print_item(call, "", "", text);
#include "verbs/commands.def"
}

static void
print_exit_statuses(void)
{
#define CP_EXIT_STATUS(id, status, meaning) print_item(#status, "", "", meaning);
#include "base/exit.def"
#undef CP_EXIT_STATUS
}

/* Prints the steps that act on `effect`. */
static void
print_operations(const char *effect)
{
#define CP_OPERATION(id, word, arguments, acts_on, changes, undo, summary)                                             \
    if (strcmp(#acts_on, effect) == 0)                                                                                 \
        print_item(word, " ", arguments, summary);
#include "scenario/operation-table.def"
#undef CP_OPERATION
}

/* Replaces the line if it is the name of a table. */
static bool
replace_line(const char *line)
{
    char effect[20];
    if (strcmp(line, "@COMMANDS@\n") == 0)
        print_commands();
    else if (strcmp(line, "@EXAMPLES@\n") == 0)
        print_examples();
    else if (strcmp(line, "@EXIT-STATUS@\n") == 0)
        print_exit_statuses();
    else if (sscanf(line, "@OPERATIONS-%19[A-Z]@", effect) == 1)
        print_operations(effect);
    else
        return false;
    return true;
}

/* Prints the line with the first variable in it replaced. `values` are the program's arguments. */
static void
print_line(const char *line, char **values)
{
    for (char **value = values; *value; value++) {
        char variable[100];
        int length = strcspn(*value, "=");
        snprintf(variable, sizeof(variable), "@%.*s@", length, *value);
        const char *found = strstr(line, variable);
        if (found) {
            printf("%.*s%s%s", (int)(found - line), line, *value + length + 1, found + strlen(variable));
            return;
        }
    }
    fputs(line, stdout);
}

int
main(int argc, char **argv)
{
    char line[4000];
    (void)argc;
    while (fgets(line, sizeof(line), stdin)) {
        if (!replace_line(line))
            print_line(line, argv + 1);
    }
    return ferror(stdin) || fflush(stdout) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
