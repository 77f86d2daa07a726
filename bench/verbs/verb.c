/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses the options of a command, runs it, and prints its help; all from the table in commands.def. */
#include "verbs/verb.h"

#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/text.h"

#define LINE_WIDTH 80

typedef struct {
    const char *name, *arguments, *summary, *description;
    CpExit (*run)(const CpOptions *options, char **arguments, GError **error);
} Command;

typedef struct {
    const char *name;
    GOptionArg type;
    gsize offset; /* of its value in CpOptions */
    const char *argument;
    guint commands;
    const char *text;
} Option;

typedef struct {
    int command;
    const char *call, *text;
} Example;

static const Command commands[] = {
#define CP_COMMAND(name, arguments, summary, description) { #name, arguments, summary, description, cp_verb_##name },
#include "verbs/commands.def"
};

static const Option options[] = {
#define CP_OPTION(name, type, member, argument, commands, text)                                                        \
    { name, G_OPTION_ARG_##type, G_STRUCT_OFFSET(CpOptions, member), argument, commands, text },
#include "verbs/commands.def"
};

static const Example examples[] = {
#define CP_EXAMPLE(command, call, text) { CP_COMMAND_##command, call, text },
#include "verbs/commands.def"
};

int
cp_verb_find(const char *name)
{
    for (int i = 0; i < CP_COMMAND_LAST; i++) {
        if (g_str_equal(commands[i].name, name))
            return i;
    }
    return -1;
}

void
cp_verb_print_list(void)
{
    for (const Command *command = commands; command < commands + CP_COMMAND_LAST; command++) {
        g_autofree char *call = g_strdup_printf("%s %s", command->name, command->arguments);
        printf("  %-18s %s\n", call, command->summary);
    }
}

/* Prints `text` in lines of at most LINE_WIDTH columns, each after `indent` spaces. */
static void
print_wrapped(const char *text, int indent)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    int column = 0;
    for (char **word = words; *word; word++) {
        int width = g_utf8_strlen(*word, -1);
        if (column > 0 && column + 1 + width > LINE_WIDTH) {
            printf("\n");
            column = 0;
        }
        printf("%*s%s", column > 0 ? 1 : indent, "", *word);
        column += (column > 0 ? 1 : indent) + width;
    }
    printf("\n");
}

void
cp_verb_print_help(int command)
{
    const Command *row = &commands[command];

    printf("Usage: capprobe %s [OPTION…]%s%s\n\n", row->name, *row->arguments ? " " : "", row->arguments);
    print_wrapped(row->description, 0);

    printf("\nOptions:\n");
    for (const Option *option = options; option < options + G_N_ELEMENTS(options); option++) {
        if (!(option->commands & 1u << command))
            continue;
        printf("  --%s%s%s\n", option->name, *option->argument ? "=" : "", option->argument);
        print_wrapped(option->text, 6);
    }
    printf("  -h, --help\n      Print this help\n\nExamples:\n");
    for (const Example *example = examples; example < examples + G_N_ELEMENTS(examples); example++) {
        if (example->command != command)
            continue;
        printf("  %s\n", example->call);
        print_wrapped(example->text, 6);
    }
}

void
cp_verb_complain(const GError *error)
{
    g_autofree char *line = cp_text_printable(error->message);
    g_printerr("capprobe: %s\n", line);
}

gboolean
cp_option_number(
    const char *name, const char *text, gint64 min, gint64 max, gint64 value, gint64 *number, GError **error)
{
    *number = value;
    if (!text || g_ascii_string_to_signed(text, 10, min, max, number, NULL))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "--%s %s: expected a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, name, text, min, max);
    return FALSE;
}

gboolean
cp_option_duration(const char *name, const char *text, gint64 value_ns, gint64 *ns, GError **error)
{
    *ns = value_ns;
    if (!text || (cp_duration_parse(text, ns) && *ns > 0))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "--%s %s: expected a duration with its unit, from 1ms to 3600s, such as 500ms or 30s", name, text);
    return FALSE;
}

gboolean
cp_option_shard(const char *text, CpShard *shard, GError **error)
{
    if (cp_shard_parse(text, shard))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--shard %s: expected I/N, with I from 1 to N, such as 1/4", text);
    return FALSE;
}

/* Whether the arguments are a command with options of its own. */
static gboolean
takes_command_line(const Command *command)
{
    return g_str_has_prefix(command->arguments, "-- ");
}

/* Counts the words that stand for arguments: those that may not be left out, and all of them, G_MAXUINT if the last can be
 * repeated. */
static void
count_words(const char *arguments, guint *least, guint *most)
{
    g_auto(GStrv) words = g_strsplit(arguments, " ", -1);
    *most = *least = 0;
    for (char **word = words; *word; word++) {
        ++*most;
        *least += **word != '[';
    }
    if (g_str_has_suffix(arguments, "..."))
        *most = G_MAXUINT;
}

/* Checks the number of arguments. */
static gboolean
check_arguments(const Command *command, char **arguments, GError **error)
{
    static const char *const numbers[] = { "no", "one", "two" };
    guint n = g_strv_length(arguments), least, most;
    count_words(command->arguments, &least, &most);
    guint bound = n > most ? most : least;
    if (!*command->arguments && n > 0)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: unexpected argument '%s'", command->name, arguments[0]);
    else if (takes_command_line(command) && n == 0)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: expected a command", command->name);
    else if (takes_command_line(command) && !*arguments[0])
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: '' is not a command, expected the name of a program",
                    command->name);
    else if (!takes_command_line(command) && (n < least || n > most))
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: expected %s%s argument%s, %s, but got %u", command->name,
                    least == most ? ""
                    : n > most    ? "at most "
                                  : "at least ",
                    numbers[bound], bound == 1 ? "" : "s", command->arguments, n);
    else
        return TRUE;
    return FALSE;
}

/* Fills `values` and removes the options from `argv`. */
static gboolean
parse(int command, int *argc, char ***argv, CpOptions *values, gboolean *help, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    const GOptionEntry help_entry = { "help", 'h', 0, G_OPTION_ARG_NONE, help, "", NULL };

    g_array_append_val(entries, help_entry);
    for (const Option *option = options; option < options + G_N_ELEMENTS(options); option++) {
        GOptionEntry entry = { option->name, 0, 0, option->type, (char *)values + option->offset, option->text, NULL };
        if (option->commands & 1u << command)
            g_array_append_val(entries, entry);
    }
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_strict_posix(context, takes_command_line(&commands[command]));
    g_option_context_add_main_entries(context, (const GOptionEntry *)entries->data, NULL);
    g_autoptr(GError) cause = NULL;
    if (g_option_context_parse(context, argc, argv, &cause))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: %s; 'capprobe help %s' lists the options", commands[command].name,
                cause->message, commands[command].name);
    return FALSE;
}

CpExit
cp_verb_run(int command, int argc, char **argv, CpExitStyle *style, GError **error)
{
    static CpOptions values;
    gboolean help = FALSE;

    if (!parse(command, &argc, &argv, &values, &help, error))
        return CP_EXIT_USAGE;
    if (help) {
        cp_verb_print_help(command);
        return CP_EXIT_WELL;
    }

    if (values.exit && !cp_exit_parse_style(values.exit, style)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--exit %s: expected plain, test or nagios", values.exit);
        return CP_EXIT_USAGE;
    }

    /* GOption leaves "--" in front of an argument that starts with a dash. */
    char **arguments = argc > 1 && g_str_equal(argv[1], "--") ? argv + 2 : argv + 1;
    if (!check_arguments(&commands[command], arguments, error))
        return CP_EXIT_USAGE;
    return commands[command].run(&values, arguments, error);
}
