/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * own-history: no text makes the reader of histories crash, leak or hang. A history is refused with its place, or
 * accepted and the same when it is written and read again. The judge refuses an accepted history with its place, or its
 * judgement can be shown and makes a result that can be saved.
 */

#include "history/history.h"

#include <string.h>

#include "checks/own-format.h"
#include "judge/judge.h"
#include "measure/result.h"
#include "driver/property.h"
#include "show/detail.h"
#include "driver/target.h"

static gpointer
parse(const char *text, gsize length, GError **error)
{
    return cp_history_parse(CP_OWN_FORMAT_FILE, text, length, error);
}

static char *
write_history(gconstpointer history)
{
    const GPtrArray *events = history;
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < events->len; i++) {
        g_autofree char *line = cp_event_write(g_ptr_array_index(events, i));

        g_string_append_printf(text, "%s\n", line);
    }
    return g_string_free(text, FALSE);
}

static void
free_history(gpointer history)
{
    g_ptr_array_unref(history);
}

static const CpOwnFormat format = { .parse = parse, .write = write_history, .free = free_history };

/* Where findings go. */
typedef struct {
    CpResult *result;
    CpDetail *detail;
} Shown;

static void
show(const CpFinding *finding, gpointer data)
{
    const Shown *shown = data;
    cp_result_add(finding, shown->result);
    cp_detail_add(finding, shown->detail);
}

static void
check_judgement(const CpJudgement *judgement, const Shown *shown)
{
    CP_PROPERTY(cp_exit_is_known(judgement->exit), "an exit status of %d", (int)judgement->exit);

    cp_detail_finish(shown->detail, judgement);
    cp_result_finish(shown->result, judgement);
    g_autofree char *text = cp_result_write(shown->result);
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) again = cp_result_parse(CP_OWN_FORMAT_FILE, text, strlen(text), &error);
    CP_PROPERTY(again, "the judgement's result is refused: %s", error->message);
    g_autofree char *text_again = cp_result_write(again);
    cp_property_equal("the result, written and read", text, text_again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) history = cp_own_format_check(&format, (const char *)data, size);

    if (!history)
        return 0;
    g_autoptr(CpResult) result = cp_result_new();
    g_autoptr(CpDetail) detail = cp_detail_new(TRUE, cp_own_format_null_stream());
    Shown shown = { result, detail };
    g_autoptr(GError) error = NULL;
    g_autoptr(CpJudgement) judgement = cp_judge(history, CP_OWN_FORMAT_FILE, FALSE, show, &shown, &error);
    if (judgement)
        check_judgement(judgement, &shown);
    else
        cp_own_format_refused(error, (const char *)data, size);
    return 0;
}
