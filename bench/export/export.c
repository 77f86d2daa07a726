/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exports of defects: shell scripts that show one on a plain host, without capprobe. */
#include "export/export.h"

#include <string.h>

#include "base/duration.h"
#include "base/error.h"
#include "deploy-script.h"
#include "emulator-source.h"
#include "heap-source.h"
#include "operations-script.h"
#include "parser-script.h"
#include "reproduce-script.h"

/* What each script begins with. */
#define SCRIPT_BEGIN CP_REPRODUCE_SCRIPT "\n" CP_OPERATIONS_SCRIPT

typedef struct {
    const CpScenario *scenario;
    GString *script;
    gboolean deploys; /* a step needs deploy.sh */
} Export;

/* Returns the name of the shell function for a word: "op_run_anyway" for "run!". The caller owns it. */
static char *
function_of(const char *word)
{
    g_autoptr(GString) name = g_string_new("op_");
    g_string_append(name, word);
    g_string_replace(name, "-", "_", 0);
    g_string_replace(name, "!", "_anyway", 0);
    return g_string_free(g_steal_pointer(&name), FALSE);
}

static gboolean
is_defined(const char *function)
{
    g_autofree char *definition = g_strdup_printf("\n%s() ", function);
    return strstr(SCRIPT_BEGIN, definition) != NULL;
}

/* Returns why the step cannot be exported although there is a function for its word; NULL if it can. */
static const char *
obstacle(const CpStep *step)
{
    g_autofree char *args = g_strjoinv(" ", step->args);
    switch (step->operation->op) {
    case CP_OP_EXPECT:
        return g_str_has_prefix(args, "cache ") ? "what is on disk is not compared without capprobe" : NULL;
    case CP_OP_ASK:
        return g_str_equal(args, "capabilities") ? NULL : "only 'ask capabilities' is";
    case CP_OP_EDIT_CACHE:
        return g_str_equal(step->args[0], "set") ? "only 'edit-cache delete' is" : NULL;
    default:
        return NULL;
    }
}

static void
append_call(Export *export, const char *function, char **args)
{
    g_string_append(export->script, function);
    for (char **arg = args; *arg; arg++) {
        g_autofree char *quoted = g_shell_quote(*arg);
        g_string_append_printf(export->script, " %s", quoted);
    }
    g_string_append_c(export->script, '\n');
}

/* Says in the script which step comes. */
static void
append_title(Export *export, const CpStep *step)
{
    g_autofree char *args = g_strjoinv(" ", step->args);
    g_autofree char *text = g_strdup_printf("%s %s", step->operation->word, args);
    g_autofree char *quoted = g_shell_quote(g_strchomp(text));
    g_string_append_printf(export->script, "step %u %s\n", step->line, quoted);
}

static gboolean append_steps(Export *export, const GPtrArray *steps, GError **error);

/* Appends the calls before and after a block, and those of its steps between them. */
static gboolean
append_block(Export *export, const CpStep *step, const char *function, GError **error)
{
    g_string_append_printf(export->script, "%s_begin\n", function);
    if (!append_steps(export, step->block, error))
        return FALSE;
    g_string_append_printf(export->script, "%s_end\n", function);
    return TRUE;
}

static gboolean
append_step(Export *export, const CpStep *step, GError **error)
{
    CpOp op = step->operation->op;
    g_autofree char *function = function_of(step->operation->word);
    g_autofree char *begin = g_strconcat(function, "_begin", NULL);
    const char *reason = obstacle(step);

    if (op == CP_OP_REPEAT) {
        for (gint64 i = 0; i < step->number; i++) {
            if (!append_steps(export, step->block, error))
                return FALSE;
        }
        return TRUE;
    }
    if (reason || !is_defined(step->block ? begin : function)) {
        cp_scenario_refuse(export->scenario, step, -1, error, "'%s' cannot be exported%s%s", step->operation->word,
                           reason ? ": " : "", reason ? reason : "");
        return FALSE;
    }
    append_title(export, step);
    export->deploys |= op == CP_OP_DPKG || op == CP_OP_APT || op == CP_OP_RPM || op == CP_OP_IMAGE;
    if (step->block)
        return append_block(export, step, function, error);
    if (op == CP_OP_PAUSE)
        g_string_append_printf(export->script, "%s %.3f\n", function, step->number / (double)CP_NS_PER_S);
    else
        append_call(export, function, step->label ? (char *[]){ NULL } : step->args);
    return TRUE;
}

static gboolean
append_steps(Export *export, const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        if (!append_step(export, steps->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

/* Returns the script with these steps. */
static char *
whole_script(const CpBug *bug, const char *begin, const char *steps)
{
    return g_strdup_printf("#!/bin/sh\n# %s: %s.\n#\n%s\n%s# --- the steps ---\n\n%sconclude\n", bug->id, bug->symptom,
                           SCRIPT_BEGIN, begin, steps);
}

/* Returns the deadline of the defect in seconds, rounded up; 0 if it has none. */
static gint64
deadline_s(const CpBug *bug)
{
    gint64 ns = 0;
    return bug->deadline && cp_duration_parse(bug->deadline, &ns) ? (ns + CP_NS_PER_S - 1) / CP_NS_PER_S : 0;
}

char *
cp_export_script(const CpScenario *scenario, const CpBug *bug, GError **error)
{
    g_autoptr(GString) steps = g_string_new(NULL);
    Export export = { scenario, steps, FALSE };
    g_autoptr(GError) refusal = NULL;
    if (!append_steps(&export, scenario->steps, &refusal)) {
        g_set_error_literal(error, CP_ERROR, CP_ERROR_UNTESTABLE, refusal->message);
        return NULL;
    }
    if (export.deploys) {
        g_autofree char *quoted = g_shell_quote(CP_DEPLOY_SCRIPT),
                        *line = g_strdup_printf("deploy_script=%s\n", quoted);
        g_string_prepend(steps, line);
    }
    if (deadline_s(bug)) {
        g_autofree char *line = g_strdup_printf("deadline=%" G_GINT64_FORMAT "\n", deadline_s(bug));
        g_string_prepend(steps, line);
    }
    return whole_script(bug, "", steps->str);
}

char *
cp_export_steps(const CpBug *bug, const char *steps)
{
    return whole_script(bug, CP_PARSER_SCRIPT "\n", steps);
}

const CpExportFile *
cp_export_files(void)
{
    static const CpExportFile files[] = {
        { "emulator.c", CP_EMULATOR_SOURCE },
        { "heap.c", CP_HEAP_SOURCE },
        { NULL, NULL },
    };
    return files;
}

/* Returns the page without its fields. */
static const char *
body_of(const char *page)
{
    const char *heading = strstr(page, "\n# ");
    return heading ? heading + 1 : page;
}

char *
cp_export_text(const CpBug *bug, const char *page, gboolean script)
{
    g_autofree char *seen = g_strjoinv(", ", bug->seen);
    g_autoptr(GString) text = g_string_new(body_of(page));
    g_string_append_printf(text, "\n**Seen** on libvirt %s.\n\n", seen);
    if (script) {
        g_string_append(text, "**To reproduce:** `sh reproduce.sh`, as root. ");
        g_string_append(text, bug->scenario
                                  ? "It needs virsh and QEMU, "
                                  : "It needs virsh, QEMU and a C compiler, puts a made-up QEMU (`emulator.c`) in the "
                                    "place of the real one if the steps at its end say so, ");
        g_string_append(
            text, "works on an overlay in namespaces of its own, and changes nothing on the host. It ends with 1 if "
                  "the defect shows, with 0 if not, and with 125 if that cannot be told. `sh reproduce.sh FOLDER` "
                  "also leaves there the last answer, the cache file, a listing of the modules with their times, "
                  "and versions.\n");
    } else {
        g_autofree char *input = g_path_get_basename(bug->input);
        g_string_append_printf(
            text,
            "**To reproduce:** `%s` is the input of capprobe's fuzz target `%s`, which gives it to libvirt's own code. "
            "In capprobe's source tree:\n\n"
            "    scripts/fuzz build\n"
            "    build/fuzz-VERSION-asan/targets/%s --runs 1 --show %s%s %s\n",
            input, bug->target, bug->target, bug->crash ? "--provoke" : "--expect ", bug->crash ? "" : bug->id, input);
        if (bug->hidden)
            g_string_append_printf(text, "\nNothing shows it from the outside: %s.\n", bug->hidden);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}
