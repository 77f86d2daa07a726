/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parser of scenarios: text to steps. */
#include "scenario/scenario.h"

#include <string.h>

#include "base/error.h"
#include "scenario/argument.h"

#define DEPTH_MAX 16     /* of blocks in one another */
#define STEPS_MAX 100000 /* each counted as often as it is repeated */

typedef struct {
    char *text;
    guint column;
    gboolean quoted;
} Word;

typedef struct {
    CpScenario *scenario;
    GPtrArray *blocks;  /* the GPtrArrays that steps are added to: the scenario's own, then those of open blocks */
    GPtrArray *openers; /* the CpSteps that opened the open blocks */
    gboolean started;   /* there was a `start` */
    gboolean stopped;   /* the last step that concerns libvirt ended it */
    gboolean read;      /* there was a step that asks libvirt */
    gboolean told;      /* the last one of these is a read of which `expect` can say something */
    gboolean changed;   /* there was a change of the host */
    gboolean aligned;   /* there was an `align` */
    gsize expanded;     /* the steps so far, each counted as often as it is repeated */
    gsize factor;       /* how often a step at this place is repeated */
} Parser;

static void
word_clear(gpointer data)
{
    g_free(((Word *)data)->text);
}

/* Splits a line at blanks. Double quotes around a word hold it together; they cannot stand within one. '#' at the start of
 * a word begins a comment. */
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
            cp_scenario_refuse_at(scenario, line, column, error,
                                  "a quotation without an end, expected '\"' on the same line");
            return NULL;
        }
        const char *end = begin + length + quoted, *misplaced = quoted ? end : memchr(begin, '"', length);
        if (misplaced && !strchr(" \t\r", *misplaced)) {
            cp_scenario_refuse_at(scenario, line, misplaced - text + 1, error,
                                  quoted ? "text right after a quotation, expected a blank"
                                         : "a '\"' within a word, expected quotes around the whole word");
            return NULL;
        }
        Word word = { g_strndup(begin, length), column, quoted };
        g_array_append_val(words, word);
        at = end;
    }
    return g_steal_pointer(&words);
}

static CpStep *
read_step(const CpScenario *scenario, guint line, const GArray *words, GError **error)
{
    const Word *first = &g_array_index(words, Word, 0);
    const CpOperation *operation = cp_operation_find(first->text);
    if (!operation) {
        g_autofree char *shown = cp_argument_shorten(first->text);
        cp_scenario_refuse_at(scenario, line, first->column, error,
                              "unknown word '%s', expected one of those that 'capprobe ops' lists", shown);
        return NULL;
    }

    g_autoptr(CpStep) step = g_new0(CpStep, 1);
    step->operation = operation;
    step->line = line;
    step->rate = operation->op == CP_OP_CLIENTS ? CP_CLIENT_RATE : 0;
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
        cp_scenario_refuse_at(scenario, line, column, error, "wrong or missing arguments of '%s', expected %s%s",
                              first->text, cp_operation_takes_none(operation) ? "none" : "", operation->arguments);
        return NULL;
    }

    guint n_args = words->len - 1;
    if (n_args > 0 && g_str_equal(form[n_args - 1], "{")) {
        step->block = g_ptr_array_new_with_free_func((GDestroyNotify)cp_step_free);
        g_clear_pointer(&step->args[--n_args], g_free);
    }
    for (guint arg = 0; arg < n_args; arg++) {
        gboolean quoted = g_array_index(words, Word, arg + 1).quoted;
        if (!cp_argument_read(scenario, step, arg, form[arg], quoted, error))
            return NULL;
    }
    return g_steal_pointer(&step);
}

/* Returns whether the place reached is in a block of `op`. */
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

/* Whether the step does something to the process of libvirt. */
static gboolean
needs_libvirt(const CpOperation *operation)
{
    return operation->effect == CP_EFFECT_PROCESS && operation->op != CP_OP_START && operation->op != CP_OP_START_CPU;
}

/* Whether libvirt does not run after the step. */
static gboolean
ends_libvirt(CpOp op)
{
    return op == CP_OP_STOP || op == CP_OP_KILL || op == CP_OP_IDLE_EXIT || op == CP_OP_REBOOT;
}

/* Whether the step can be carried out while clients read: what it does is one change that the judge knows, or it waits or reads. */
static gboolean
fits_clients(const CpStep *step)
{
    CpOp op = step->operation->op;
    if (op == CP_OP_READ)
        return !step->block;
    return op == CP_OP_REPEAT || op == CP_OP_KEEP_MTIME || step->operation->effect == CP_EFFECT_TIME ||
           (cp_effect_is_state(step->operation->effect) && step->operation->changes == CP_CHANGES_ONE);
}

/* Checks that the step is allowed at its place. */
static gboolean
check_place(Parser *parser, const CpStep *step, GError **error)
{
    const CpScenario *scenario = parser->scenario;
    CpOp op = step->operation->op;
    gboolean in_read = within(parser, CP_OP_READ);

    if (op == CP_OP_START && parser->openers->len > 0)
        return cp_scenario_refuse(scenario, step, -1, error, "'start' within a block, expected it outside");
    if (op == CP_OP_START && parser->started && !parser->stopped)
        return cp_scenario_refuse(scenario, step, -1, error, "a second 'start', expected 'restart'");
    if ((step->operation->effect == CP_EFFECT_READ || needs_libvirt(step->operation)) && !parser->started)
        return cp_scenario_refuse(scenario, step, -1, error, "'%s' before libvirt runs, expected 'start' first",
                                  step->operation->word);
    if (op == CP_OP_SETTLE && !parser->changed)
        return cp_scenario_refuse(scenario, step, -1, error,
                                  "'settle' before any change of the host, expected a change first, such as 'remove'");
    if (op == CP_OP_EXPECT && !parser->read)
        return cp_scenario_refuse(scenario, step, -1, error, "'expect' before any read, expected 'read' first");
    if (op == CP_OP_EXPECT && !parser->told)
        return cp_scenario_refuse(scenario, step, -1, error, "'expect' right after 'clients', expected 'read' between");
    if (op == CP_OP_SAME_SECOND && !parser->aligned)
        return cp_scenario_refuse(scenario, step, -1, error,
                                  "'same-second' before any 'align', expected 'align' first");
    if (op == CP_OP_WHEN_OPENED && !in_read)
        return cp_scenario_refuse(scenario, step, -1, error,
                                  "'when-opened' outside a read, expected it within 'read {'");
    if (in_read && !cp_effect_is_state(step->operation->effect) && step->operation->effect != CP_EFFECT_TIME &&
        op != CP_OP_KEEP_MTIME)
        return cp_scenario_refuse(scenario, step, -1, error,
                                  "'%s' within a read, expected changes of the host or waits", step->operation->word);
    /* Of a command the judge knows that it makes several changes. */
    if (in_read && step->operation->changes == CP_CHANGES_SEVERAL && step->operation->effect != CP_EFFECT_ANY)
        return cp_scenario_refuse(
            scenario, step, -1, error,
            "'%s' within a read, which could see the middle of it; expected single changes, such as "
            "'remove'",
            step->operation->word);

    if (within(parser, CP_OP_CLIENTS) && !fits_clients(step))
        return cp_scenario_refuse(scenario, step, -1, error,
                                  "'%s' within 'clients', expected single changes of the host, waits or plain reads",
                                  step->operation->word);

    parser->started |= op == CP_OP_START;
    if (step->operation->effect == CP_EFFECT_READ || step->operation->effect == CP_EFFECT_PROCESS)
        parser->stopped = ends_libvirt(op);
    parser->changed |= cp_effect_is_state(step->operation->effect);
    parser->aligned |= op == CP_OP_ALIGN;
    if (step->operation->effect == CP_EFFECT_READ)
        parser->told = op != CP_OP_CLIENTS && !within(parser, CP_OP_CLIENTS);
    parser->read |= step->operation->effect == CP_EFFECT_READ;
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
        return cp_scenario_refuse_at(parser->scenario, line, g_array_index(words, Word, 1).column, error,
                                     "text after '}', expected the end of the line");
    if (parser->openers->len == 0)
        return cp_scenario_refuse_at(parser->scenario, line, brace->column, error,
                                     "a '}' that closes nothing, expected a step");

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

static gboolean
check_text(const CpScenario *scenario, const char *text, gsize length, GError **error)
{
    const char *bad;
    if (length > CP_SCENARIO_MAX)
        return cp_scenario_refuse_at(scenario, 1, 1, error, "the scenario is %zu bytes long, expected at most %d",
                                     length, CP_SCENARIO_MAX);
    if (g_utf8_validate_len(text, length, &bad))
        return TRUE;

    guint line = 1, column = 1;
    for (const char *at = text; at < bad; at++, column++) {
        if (*at == '\n') {
            line++;
            column = 0;
        }
    }
    return cp_scenario_refuse_at(scenario, line, column, error, "byte 0x%02x, expected UTF-8 text", (guint8)*bad);
}

CpScenario *
cp_scenario_parse(const char *file, const char *text, gsize length, GError **error)
{
    g_autoptr(CpScenario) scenario = cp_scenario_new(file);
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
        cp_scenario_refuse_at(scenario, MAX(g_strv_length(lines), 1), 1, error,
                              "nothing is read, expected 'start' and 'read'");
        return NULL;
    }
    return g_steal_pointer(&scenario);
}
