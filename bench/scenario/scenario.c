/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scenario/scenario.h"

#include <errno.h>
#include <string.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/input.h"
#include "base/text.h"

#define FILE_MAX (1024 * 1024)
#define DEPTH_MAX 16
#define STEPS_MAX 100000
#define REPEAT_MAX 10000

typedef struct {
    char *text;
    guint column;
} Word;

typedef struct {
    CpScenario *scenario;
    GPtrArray *blocks;      /* the open blocks' GPtrArrays, innermost last */
    GPtrArray *openers;     /* the CpSteps that opened them; one fewer */
    gboolean started;       /* a `start` came before */
    gboolean read;          /* a `read` came before */
    gsize expanded, factor; /* steps with their repetitions; the product of the open repetitions */
} Parser;

static void
step_free(gpointer data)
{
    CpStep *step = data;
    g_free(step->columns);
    g_strfreev(step->args);
    g_clear_pointer(&step->content, g_bytes_unref);
    g_clear_pointer(&step->block, g_ptr_array_unref);
    g_free(step);
}

static void
word_clear(gpointer data)
{
    g_free(((Word *)data)->text);
}

static gboolean refuse(const CpScenario *scenario, guint line, guint column, GError **error, const char *what, ...)
    G_GNUC_PRINTF(5, 6);

static gboolean
refuse(const CpScenario *scenario, guint line, guint column, GError **error, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    g_autofree char *text = g_strdup_vprintf(what, args);
    va_end(args);

    g_autofree char *shown = cp_text_printable(text);
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s:%u:%u: %s", scenario->file, line, column, shown);
    return FALSE;
}

gboolean
cp_scenario_refuse(const CpScenario *scenario, const CpStep *step, int arg, GError **error, const char *what, ...)
{
    va_list args;
    va_start(args, what);
    g_autofree char *text = g_strdup_vprintf(what, args);
    va_end(args);

    return refuse(scenario, step->line, step->columns[arg + 1], error, "%s", text);
}

/* What a message can show of a word that may be long or hold anything. */
static char *
printable(const char *word)
{
    g_autofree char *cut = g_utf8_substring(word, 0, MIN(g_utf8_strlen(word, -1), 40));
    return g_strescape(cut, NULL);
}

/* Splits a line at blanks; double quotes hold a word together, '#' at the start of a word begins a comment. */
static GArray *
split(const CpScenario *scenario, guint line, const char *text, GError **error)
{
    g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(Word));
    g_array_set_clear_func(words, word_clear);

    const char *at = text;
    while (at += strspn(at, " \t\r"), *at && *at != '#') {
        gboolean quoted = *at == '"';
        const char *begin = at + quoted;
        gsize length = strcspn(begin, quoted ? "\"" : " \t\r");
        guint column = at - text + 1;

        if (quoted && begin[length] != '"') {
            refuse(scenario, line, column, error, "a quotation that does not end, expected '\"' on the same line");
            return NULL;
        }
        Word word = { g_strndup(begin, length), column };
        g_array_append_val(words, word);
        at = begin + length + quoted;
    }
    return g_steal_pointer(&words);
}

/* Fills in what the placeholder of an argument asks for. */
static gboolean
read_argument(const CpScenario *scenario, CpStep *step, guint arg, const char *placeholder, GError **error)
{
    const char *text = step->args[arg];
    guint column = step->columns[arg + 1];
    g_autofree char *shown = printable(text);

    if (g_str_equal(placeholder, "N")) {
        guint64 max = step->operation->op == CP_OP_REPEAT ? REPEAT_MAX : G_MAXINT32;
        guint64 number;
        if (!g_ascii_string_to_unsigned(text, 10, step->operation->op == CP_OP_REPEAT, max, &number, NULL))
            return refuse(scenario, step->line, column, error,
                          "'%s' is not a count, expected a number up to %" G_GUINT64_FORMAT, shown, max);
        step->number = number;
    } else if (g_str_equal(placeholder, "MODE")) {
        guint64 mode;
        if (!g_ascii_string_to_unsigned(text, 8, 0, 0777, &mode, NULL))
            return refuse(scenario, step->line, column, error,
                          "'%s' is not a mode, expected an octal number such as 644", shown);
        step->number = mode;
    } else if (g_str_equal(placeholder, "DURATION")) {
        if (!cp_duration_parse(text, &step->number))
            return refuse(scenario, step->line, column, error,
                          "'%s' is not a duration, expected for instance 200ms or 2s", shown);
    } else if (g_str_equal(placeholder, "MODULE")) {
        if (!*text || strchr(text, '/') || g_str_has_suffix(text, ".so"))
            return refuse(scenario, step->line, column, error,
                          "'%s' is not a module, expected its file's name without '.so', such as hw-display-qxl",
                          shown);
    } else if (g_str_equal(placeholder, "FILE")) {
        g_autofree char *folder = g_path_get_dirname(scenario->file);
        g_autofree char *path = g_path_is_absolute(text) ? g_strdup(text) : g_build_filename(folder, text, NULL);
        g_autoptr(GError) cause = NULL;
        char *content;
        gsize length;
        if (!cp_input_read(path, &content, &length, &cause))
            return refuse(scenario, step->line, column, error, "%s", cause->message);
        step->content = g_bytes_new_take(content, length);
    }
    return TRUE;
}

static CpStep *
read_step(const CpScenario *scenario, guint line, const GArray *words, GError **error)
{
    const Word *first = &g_array_index(words, Word, 0);
    const CpOperation *operation = cp_operation_find(first->text);
    if (!operation) {
        g_autofree char *shown = printable(first->text);
        refuse(scenario, line, first->column, error,
               "unknown word '%s', expected one of those that 'capprobe ops' lists", shown);
        return NULL;
    }

    CpStep *step = g_new0(CpStep, 1);
    step->operation = operation;
    step->line = line;
    step->columns = g_new0(guint, words->len);
    step->args = g_new0(char *, words->len);
    for (guint i = 0; i < words->len; i++) {
        const Word *word = &g_array_index(words, Word, i);
        step->columns[i] = word->column;
        if (i > 0)
            step->args[i - 1] = g_strdup(word->text);
    }

    g_auto(GStrv) form = cp_operation_form(operation, (const char *const *)step->args);
    if (!form) {
        guint column = words->len > 1 ? step->columns[1] : first->column + (guint)strlen(first->text);
        refuse(scenario, line, column, error, "wrong or missing arguments of '%s', expected %s%s", first->text,
               cp_operation_takes_none(operation) ? "none" : "", operation->arguments);
        step_free(step);
        return NULL;
    }

    guint n_args = words->len - 1;
    if (n_args > 0 && g_str_equal(form[n_args - 1], "{")) {
        step->block = g_ptr_array_new_with_free_func(step_free);
        g_clear_pointer(&step->args[--n_args], g_free);
    }
    for (guint arg = 0; arg < n_args; arg++) {
        if (!read_argument(scenario, step, arg, form[arg], error)) {
            step_free(step);
            return NULL;
        }
    }
    return step;
}

static gboolean
within(const Parser *parser, CpOp op)
{
    for (guint i = 0; i < parser->openers->len; i++) {
        const CpStep *opener = parser->openers->pdata[i];
        if (opener->operation->op == op)
            return TRUE;
    }
    return FALSE;
}

/* What a step may not do where it stands. */
static gboolean
check_place(Parser *parser, const CpStep *step, GError **error)
{
    const CpScenario *scenario = parser->scenario;
    CpOp op = step->operation->op;
    gboolean in_read = within(parser, CP_OP_READ);

    if (op == CP_OP_START && parser->openers->len > 0)
        return cp_scenario_refuse(scenario, step, -1, error, "'start' within a block, expected it outside");
    if (op == CP_OP_START && parser->started)
        return cp_scenario_refuse(scenario, step, -1, error, "a second 'start', expected 'restart'");
    if ((op == CP_OP_READ || op == CP_OP_PRIME || op == CP_OP_RESTART) && !parser->started)
        return cp_scenario_refuse(scenario, step, -1, error, "'%s' before libvirt runs, expected 'start' first",
                                  step->operation->word);
    if (op == CP_OP_EXPECT && !parser->read)
        return cp_scenario_refuse(scenario, step, -1, error, "'expect' before any read, expected 'read' first");
    if (op == CP_OP_WHEN_OPENED && !in_read)
        return cp_scenario_refuse(scenario, step, -1, error,
                                  "'when-opened' outside a read, expected it within 'read {'");
    if (in_read && !cp_effect_is_state(step->operation->effect) && step->operation->effect != CP_EFFECT_TIME &&
        op != CP_OP_KEEP_MTIME)
        return cp_scenario_refuse(scenario, step, -1, error,
                                  "'%s' within a read, expected changes of the host or waits", step->operation->word);

    parser->started |= op == CP_OP_START;
    parser->read |= op == CP_OP_READ || op == CP_OP_PRIME;
    return TRUE;
}

static gboolean
open_block(Parser *parser, CpStep *step, GError **error)
{
    if (parser->openers->len == DEPTH_MAX)
        return cp_scenario_refuse(parser->scenario, step, -1, error, "blocks nested too deeply, expected at most %d",
                                  DEPTH_MAX);
    g_ptr_array_add(parser->blocks, step->block);
    g_ptr_array_add(parser->openers, step);
    if (step->operation->op == CP_OP_REPEAT)
        parser->factor *= step->number;
    return TRUE;
}

static gboolean
close_block(Parser *parser, guint line, const GArray *words, GError **error)
{
    const Word *brace = &g_array_index(words, Word, 0);
    if (words->len > 1)
        return refuse(parser->scenario, line, g_array_index(words, Word, 1).column, error,
                      "text after '}', expected the end of the line");
    if (parser->openers->len == 0)
        return refuse(parser->scenario, line, brace->column, error, "a '}' that closes nothing, expected a step");

    const CpStep *opener = parser->openers->pdata[parser->openers->len - 1];
    if (opener->operation->op == CP_OP_REPEAT)
        parser->factor /= opener->number;
    g_ptr_array_set_size(parser->blocks, parser->blocks->len - 1);
    g_ptr_array_set_size(parser->openers, parser->openers->len - 1);
    return TRUE;
}

static gboolean
read_line(Parser *parser, guint line, const char *text, GError **error)
{
    g_autoptr(GArray) words = split(parser->scenario, line, text, error);
    if (!words)
        return FALSE;
    if (words->len == 0)
        return TRUE;
    if (g_str_equal(g_array_index(words, Word, 0).text, "}"))
        return close_block(parser, line, words, error);

    CpStep *step = read_step(parser->scenario, line, words, error);
    if (!step)
        return FALSE;
    g_ptr_array_add(parser->blocks->pdata[parser->blocks->len - 1], step);

    parser->expanded += parser->factor;
    if (parser->expanded > STEPS_MAX)
        return cp_scenario_refuse(parser->scenario, step, -1, error,
                                  "too many steps, expected at most %d with their repetitions", STEPS_MAX);
    return check_place(parser, step, error) && (!step->block || open_block(parser, step, error));
}

/* The name by which results know a scenario. */
static char *
name_of(const char *file)
{
    g_autofree char *base = g_path_get_basename(file);
    if (g_str_equal(base, "repro.scn")) {
        g_autofree char *path = g_canonicalize_filename(file, NULL);
        g_autofree char *folder = g_path_get_dirname(path);
        return g_path_get_basename(folder);
    }
    if (g_str_has_suffix(base, ".scn"))
        base[strlen(base) - strlen(".scn")] = '\0';
    return g_utf8_make_valid(base, -1);
}

static gboolean
check_text(const CpScenario *scenario, const char *text, gsize length, GError **error)
{
    const char *bad;
    if (length > FILE_MAX)
        return refuse(scenario, 1, 1, error, "%zu bytes long, expected at most %d", length, FILE_MAX);
    if (g_utf8_validate_len(text, length, &bad))
        return TRUE;

    guint line = 1, column = 1;
    for (const char *at = text; at < bad; at++, column++) {
        if (*at == '\n') {
            line++;
            column = 0;
        }
    }
    return refuse(scenario, line, column, error, "byte 0x%02x, expected UTF-8 text", (guint8)*bad);
}

CpScenario *
cp_scenario_parse(const char *file, const char *text, gsize length, GError **error)
{
    g_autoptr(CpScenario) scenario = g_new0(CpScenario, 1);
    scenario->file = g_strdup(file);
    scenario->name = name_of(file);
    scenario->steps = g_ptr_array_new_with_free_func(step_free);
    if (!check_text(scenario, text, length, error))
        return NULL;
    scenario->text = g_strndup(text, length);

    g_autoptr(GPtrArray) blocks = g_ptr_array_new();
    g_autoptr(GPtrArray) openers = g_ptr_array_new();
    g_ptr_array_add(blocks, scenario->steps);
    Parser parser = { .scenario = scenario, .blocks = blocks, .openers = openers, .factor = 1 };

    g_auto(GStrv) lines = g_strsplit(scenario->text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!read_line(&parser, i + 1, lines[i], error))
            return NULL;
    }
    if (openers->len > 0) {
        cp_scenario_refuse(scenario, openers->pdata[openers->len - 1], -1, error,
                           "a block that does not end, expected '}' on its own line");
        return NULL;
    }
    if (!parser.read) {
        refuse(scenario, MAX(g_strv_length(lines), 1), 1, error, "nothing is read, expected 'start' and 'read'");
        return NULL;
    }
    return g_steal_pointer(&scenario);
}

CpScenario *
cp_scenario_load(const char *file, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    return cp_input_read_limited(file, FILE_MAX, &text, &length, error) ? cp_scenario_parse(file, text, length, error) : NULL;
}

void
cp_scenario_free(CpScenario *scenario)
{
    if (!scenario)
        return;
    g_free(scenario->file);
    g_free(scenario->name);
    g_free(scenario->text);
    g_ptr_array_unref(scenario->steps);
    g_free(scenario);
}

static gboolean
each(const GPtrArray *steps, gboolean (*visit)(const CpStep *step, gpointer data), gpointer data)
{
    for (guint i = 0; i < steps->len; i++) {
        const CpStep *step = steps->pdata[i];
        if (!visit(step, data) || (step->block && !each(step->block, visit, data)))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_scenario_each(const CpScenario *scenario, gboolean (*visit)(const CpStep *step, gpointer data), gpointer data)
{
    return each(scenario->steps, visit, data);
}

const char *
cp_step_module(const CpStep *step, int *arg)
{
    const char *arguments = step->operation->arguments;
    int index = g_str_has_prefix(arguments, "MODULE") ? 0 : 1;
    gboolean needs = step->operation->op == CP_OP_NEEDS && g_str_equal(step->args[0], "module");

    if (index == 1 && !needs)
        return NULL;
    if (arg)
        *arg = index;
    return step->args[index];
}
