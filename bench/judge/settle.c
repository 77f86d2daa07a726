/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settles: how long it takes after a change until libvirt's answer is right. */
#include "judge/settle.h"

#include "base/duration.h"

const char *
cp_settled_name(CpSettled settled)
{
    static const char *const names[] = {
        [CP_SETTLED_RIGHT] = "right",
        [CP_SETTLED_NEVER] = "never",
        [CP_SETTLED_UNKNOWN] = "unknown",
    };
    return names[settled];
}

gboolean
cp_settled_parse(const char *name, CpSettled *settled)
{
    for (*settled = 0; *settled < CP_SETTLED_LAST; (*settled)++) {
        if (g_str_equal(name, cp_settled_name(*settled)))
            return TRUE;
    }
    return FALSE;
}

void
cp_settling_clear(CpSettling *settling)
{
    g_clear_pointer(&settling->ended, g_free);
    g_clear_pointer(&settling->lines, g_strfreev);
}

void
cp_settling_begin(CpSettling *settling, gint64 changed_ns)
{
    cp_settling_clear(settling);
    *settling = (CpSettling){ .changed_ns = changed_ns };
}

gboolean
cp_settling_read(CpSettling *settling, const CpEvent *read, CpVerdict verdict, GStrv lines)
{
    g_autofree char *ended = g_strdup(read->answer ? read->answer : read->error ? read->error : read->lost);
    gboolean again = g_strcmp0(ended, settling->ended) == 0;

    settling->reads++;
    settling->stale += verdict == CP_VERDICT_STALE;
    settling->unknown |= verdict == CP_VERDICT_UNKNOWN;
    if (verdict == CP_VERDICT_FRESH && !settling->right) {
        settling->right = TRUE;
        settling->right_ns = read->end_ns;
    }
    if (verdict != CP_VERDICT_FRESH && lines) {
        g_strfreev(settling->lines);
        settling->lines = g_strdupv(lines);
    }
    g_free(settling->ended);
    settling->ended = g_steal_pointer(&ended);
    return again;
}

CpSettle
cp_settling_end(CpSettling *settling, const CpEvent *event, GStrv *lines)
{
    CpSettle settle = { .reads = settling->reads, .stale = settling->stale };
    gint64 changed_ns = settling->changed_ns;
    gboolean in_time = settling->right && settling->right_ns - changed_ns <= event->limit_ns;

    settle.settled = in_time ? CP_SETTLED_RIGHT : settling->unknown ? CP_SETTLED_UNKNOWN : CP_SETTLED_NEVER;
    settle.ns = in_time ? settling->right_ns - changed_ns : 0;
    *lines = NULL;
    if (settle.settled == CP_SETTLED_NEVER) {
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
        g_autofree char *limit = cp_duration_format(event->limit_ns);
        g_autofree char *late = cp_duration_format(settling->right_ns - changed_ns);
        g_autofree char *line = settling->right ? g_strdup_printf("not right within %s, but after %s", limit, late)
                                                : g_strdup_printf("never right within %s", limit);
        g_strv_builder_add(builder, line);
        if (settling->lines)
            g_strv_builder_addv(builder, (const char **)settling->lines);
        *lines = g_strv_builder_end(builder);
    }
    cp_settling_begin(settling, changed_ns);
    return settle;
}
