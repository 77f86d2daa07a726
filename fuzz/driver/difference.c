/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares two texts line by line. */
#include "driver/difference.h"

#include <string.h>

/* How many equal lines are shown before and after a difference. */
#define CONTEXT 3

/* How many characters of a line are shown. */
#define WIDTH 400

/* Texts that need a larger table than this are not aligned: all their lines count as different. */
#define TABLE_MAX 4000000

/* A line of the result. */
typedef struct {
    char sign; /* ' ', '-' or '+' */
    const char *text;
} Line;

static void
add_lines(GArray *lines, char sign, char **texts, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        Line line = { sign, texts[i] };

        g_array_append_val(lines, line);
    }
}

/* Appends the `n` lines of `before` and the `m` lines of `after`, aligned by their longest common subsequence. */
static void
align(GArray *lines, char **before, gsize n, char **after, gsize m)
{
    if (n == 0 || m == 0 || n > TABLE_MAX / m) {
        add_lines(lines, '-', before, n);
        add_lines(lines, '+', after, m);
        return;
    }

    /* common[i * (m + 1) + j]: how many lines before + i and after + j have in common */
    g_autofree guint *common = g_new0(guint, (n + 1) * (m + 1));

    for (gsize i = n; i-- > 0;) {
        guint *row = common + i * (m + 1);
        const guint *next = row + m + 1;

        for (gsize j = m; j-- > 0;)
            row[j] = g_str_equal(before[i], after[j]) ? next[j + 1] + 1 : MAX(next[j], row[j + 1]);
    }

    gsize i = 0;
    gsize j = 0;

    while (i < n && j < m) {
        const guint *row = common + i * (m + 1);

        if (g_str_equal(before[i], after[j])) {
            add_lines(lines, ' ', before + i++, 1);
            j++;
        } else if (row[m + 1 + j] >= row[j + 1]) {
            add_lines(lines, '-', before + i++, 1);
        } else {
            add_lines(lines, '+', after + j++, 1);
        }
    }
    add_lines(lines, '-', before + i, n - i);
    add_lines(lines, '+', after + j, m - j);
}

static GArray *
compare(char **before, char **after)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    gsize n = g_strv_length(before);
    gsize m = g_strv_length(after);
    gsize start = 0;
    gsize end = 0;

    while (start < MIN(n, m) && g_str_equal(before[start], after[start]))
        start++;
    while (end < MIN(n, m) - start && g_str_equal(before[n - 1 - end], after[m - 1 - end]))
        end++;
    add_lines(lines, ' ', before, start);
    align(lines, before + start, n - start - end, after + start, m - start - end);
    add_lines(lines, ' ', before + n - end, end);
    return lines;
}

static gboolean
is_near_difference(const GArray *lines, guint at)
{
    for (guint i = at - MIN(at, CONTEXT); i < lines->len && i <= at + CONTEXT; i++) {
        if (g_array_index(lines, Line, i).sign != ' ')
            return TRUE;
    }
    return FALSE;
}

static void
append_line(GString *result, char sign, const char *text, gboolean is_cut)
{
    guint n = 0;

    g_string_append_c(result, sign);
    for (; *text && (!is_cut || n < WIDTH); n++) {
        gunichar c = g_utf8_get_char_validated(text, -1);

        if (c >= (gunichar)-2) {
            g_string_append_printf(result, "\\x%02x", (guchar)*text++);
            continue;
        }
        if (c == '\t')
            g_string_append(result, "\\t");
        else if (c == '\r')
            g_string_append(result, "\\r");
        else if (g_unichar_iscntrl(c))
            g_string_append_printf(result, "\\x%02x", c);
        else
            g_string_append_unichar(result, c);
        text = g_utf8_next_char(text);
    }
    g_string_append(result, *text ? "...\n" : "\n");
}

/* Replaces the lines after the first `max` by a line that says how many they are. */
static char *
cut(GString *result, guint max)
{
    const char *at = result->str;

    for (guint n = 0; max > 0 && n < max && at; n++) {
        at = strchr(at, '\n');
        at = at && at[1] ? at + 1 : NULL;
    }
    if (max > 0 && at) {
        gsize length = at - result->str;
        guint left = 0;

        for (; *at; at++)
            left += *at == '\n';
        g_string_truncate(result, length);
        g_string_append_printf(result, "... more lines: %u\n", left);
    }
    return g_string_free(result, FALSE);
}

/* Splits all of `text` but the last `omit` bytes. */
static char **
split_lines(const char *text, gsize omit)
{
    g_autofree char *part = g_strndup(text, strlen(text) - omit);

    return g_strsplit(part, "\n", -1);
}

char *
cp_difference(const char *before, const char *after, guint max)
{
    gboolean both_end_lines = g_str_has_suffix(before, "\n") && g_str_has_suffix(after, "\n");
    g_auto(GStrv) before_lines = split_lines(before, both_end_lines ? 1 : 0);
    g_auto(GStrv) after_lines = split_lines(after, both_end_lines ? 1 : 0);
    g_autoptr(GArray) lines = compare(before_lines, after_lines);
    GString *result = g_string_new(NULL);
    guint before_number = 1;
    guint after_number = 1;
    gboolean shown = FALSE;

    for (guint i = 0; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        gboolean was_shown = shown;

        shown = is_near_difference(lines, i);
        if (shown && !was_shown)
            g_string_append_printf(result, "@@ -%u +%u @@\n", before_number, after_number);
        if (shown)
            append_line(result, line->sign, line->text, max > 0);
        before_number += line->sign != '+';
        after_number += line->sign != '-';
    }
    return cut(result, max);
}

char *
cp_difference_listing(const char *text, guint max)
{
    g_auto(GStrv) lines = split_lines(text, g_str_has_suffix(text, "\n") ? 1 : 0);
    GString *result = g_string_new(NULL);

    for (guint i = 0; lines[i]; i++)
        append_line(result, ' ', lines[i], max > 0);
    return cut(result, max);
}
