/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who runs capprobe: steps whose outcome depends on whether that is root. */
#include "judge/who-runs.h"

#include <sys/stat.h>

struct _CpWhoRuns {
    gboolean known, root;
    GPtrArray *lines; /* of char *, each once */
};

CpWhoRuns *
cp_who_runs_new(void)
{
    CpWhoRuns *who_runs = g_new0(CpWhoRuns, 1);
    who_runs->lines = g_ptr_array_new_with_free_func(g_free);
    return who_runs;
}

void
cp_who_runs_free(CpWhoRuns *who_runs)
{
    if (!who_runs)
        return;
    g_ptr_array_unref(who_runs->lines);
    g_free(who_runs);
}

/* Takes from the environment who ran capprobe. */
static void
take_environment(CpWhoRuns *who_runs, JsonObject *environment)
{
    JsonNode *privileged = json_object_get_member(environment, "privileged");
    who_runs->known =
        privileged && JSON_NODE_HOLDS_VALUE(privileged) && json_node_get_value_type(privileged) == G_TYPE_BOOLEAN;
    who_runs->root = who_runs->known && json_node_get_boolean(privileged);
}

/* Returns whether the operation takes from the owner of a file the right to read it. The owner is who runs capprobe; root
 * may read all the same, with CAP_DAC_OVERRIDE, and so may the emulator that libvirt probes as root. */
static gboolean
denies_reading(const CpEvent *operation)
{
    guint64 mode;
    return g_str_equal(operation->name, cp_operation(CP_OP_CHMOD)->word) && g_strv_length(operation->args) == 2 &&
           g_ascii_string_to_unsigned(operation->args[1], 8, 0, 0777, &mode, NULL) && !(mode & S_IRUSR);
}

void
cp_who_runs_add(CpWhoRuns *who_runs, const CpFinding *finding)
{
    const CpEvent *event = finding->event;
    if (event->type == CP_EVENT_HISTORY)
        take_environment(who_runs, event->environment);
    if (event->type != CP_EVENT_OPERATION || !denies_reading(event))
        return;

    const char *who = who_runs->root ? "as root, so QEMU could still read the module; an ordinary user's cannot"
                                     : "as an ordinary user, so QEMU could not read the module; root's can";
    char *line =
        g_strdup_printf("%s, line %" G_GINT64_FORMAT ": the outcome depends on who runs capprobe: this was run %s",
                        finding->scenario, event->line, who);
    if (!who_runs->known || g_ptr_array_find_with_equal_func(who_runs->lines, line, g_str_equal, NULL))
        g_free(line);
    else
        g_ptr_array_add(who_runs->lines, line);
}

void
cp_who_runs_describe(const CpWhoRuns *who_runs, GStrvBuilder *lines)
{
    for (guint i = 0; i < who_runs->lines->len; i++)
        g_strv_builder_add(lines, who_runs->lines->pdata[i]);
}
