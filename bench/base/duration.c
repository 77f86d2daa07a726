/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations, in ns: measured, read, written. */
#include "base/duration.h"

#include <math.h>

gint64
cp_sum(gint64 a, gint64 b)
{
    gint64 sum;
    return __builtin_add_overflow(a, b, &sum) ? G_MAXINT64 : sum;
}

gboolean
cp_duration_parse(const char *text, gint64 *ns)
{
    char *unit;
    guint64 count = g_ascii_strtoull(text, &unit, 10);
    if (!g_ascii_isdigit(text[0]) || count > 3600 * 1000)
        return FALSE;

    if (g_str_equal(unit, "ms"))
        *ns = (gint64)count * CP_NS_PER_MS;
    else if (g_str_equal(unit, "s") && count <= 3600)
        *ns = (gint64)count * CP_NS_PER_S;
    else
        return FALSE;
    return TRUE;
}

char *
cp_duration_format(double ns)
{
    static const struct {
        double ns;
        const char *name;
    } units[] = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "µs" }, { 1, "ns" } };

    gsize unit = 0;
    while (unit < G_N_ELEMENTS(units) - 1 && fabs(ns) < units[unit].ns * 0.9995)
        unit++;

    double value = ns / units[unit].ns;
    int decimals = fabs(value) < 9.995 ? 2 : fabs(value) < 99.95 ? 1 : 0;
    return g_strdup_printf("%.*f %s", decimals, value, units[unit].name);
}
