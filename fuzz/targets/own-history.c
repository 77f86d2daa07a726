/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * history: no text makes the reader of histories crash, leak or hang; what it refuses it places, and what it takes is
 * the same when written and read again. The judge refuses such a history as cleanly, or its judgement can be shown and
 * makes a result that can be kept.
 */

#include "history/history.h"

#include <string.h>

#include "checks/own-format.h"
#include "judge/judge.h"
#include "measure/result.h"
#include "driver/property.h"
#include "show/detail.h"
#include "driver/target.h"

static char *
write_history(const GPtrArray *history)
{
    GString *text = g_string_new(NULL);
    guint i;

    for (i = 0; i < history->len; i++) {
        g_autofree char *line = cp_event_write(g_ptr_array_index(history, i));

        g_string_append_printf(text, "%s\n", line);
    }
    return g_string_free(text, FALSE);
}

static void
check_judgement(const CpJudgement *judgement)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CpResult) result = cp_result_new(judgement);
    g_autofree char *text = cp_result_write(result);
    g_autoptr(CpResult) again = cp_result_parse(CP_OWN_FORMAT_FILE, text, strlen(text), &error);
    g_autofree char *text_again = NULL;
    CpExit status = cp_judgement_exit(judgement);

    CP_PROPERTY(status >= CP_EXIT_WELL && status <= CP_EXIT_FAILED, "an exit status of %d", (int)status);
    CP_PROPERTY(again, "a result of its own is refused: %s", error->message);
    text_again = cp_result_write(again);
    cp_property_equal("the result, written and read", text, text_again);
    cp_detail_print(judgement, TRUE, cp_own_format_nowhere());
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = cp_history_parse(CP_OWN_FORMAT_FILE, (const char *)data, size, &error);
    g_autoptr(GPtrArray) again = NULL;
    g_autoptr(CpJudgement) judgement = NULL;
    g_autofree char *text = NULL;
    g_autofree char *text_again = NULL;

    if (!history) {
        cp_own_format_refused(error, (const char *)data, size);
        return 0;
    }

    CP_PROPERTY(!error, "taken, but with an error: %s", error->message);
    text = write_history(history);
    again = cp_history_parse(CP_OWN_FORMAT_FILE, text, strlen(text), &error);
    CP_PROPERTY(again, "taken, but refused as written: %s", error->message);
    text_again = write_history(again);
    cp_property_equal("the history, written and read", text, text_again);

    judgement = cp_judge(history, CP_OWN_FORMAT_FILE, &error);
    if (judgement)
        check_judgement(judgement);
    else
        cp_own_format_refused(error, (const char *)data, size);
    return 0;
}
