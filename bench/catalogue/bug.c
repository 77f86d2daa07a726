/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known defects: the pages corpus/bugs/ID/about.md. */
#include "catalogue/bug.h"

#include <string.h>

#include "base/error.h"
#include "base/input.h"
#include "base/text.h"

/* Returns the value of the field `name` of a page; NULL if it does not have it. The caller owns it. */
static char *
field(char **lines, const char *name)
{
    g_autofree char *begin = g_strconcat(name, ": ", NULL);
    for (char **line = lines + 1; *line && !g_str_equal(*line, "---"); line++) {
        if (g_str_has_prefix(*line, begin))
            return g_strdup(*line + strlen(begin));
    }
    return NULL;
}

static GStrv
words_of(char **lines, const char *name)
{
    g_autofree char *value = field(lines, name);
    return value ? g_strsplit(value, " ", -1) : NULL;
}

/* Reads the field "shows": "scenario FILE", "target TARGET FILE", or both with a comma between. */
static void
read_shows(CpBug *bug, const char *shows, const char *folder)
{
    g_auto(GStrv) parts = g_strsplit(shows ? shows : "", ",", -1);
    for (char **part = parts; *part; part++) {
        g_auto(GStrv) words = g_strsplit(g_strstrip(*part), " ", -1);
        guint n = g_strv_length(words);
        if (n == 2 && !bug->scenario && g_str_equal(words[0], "scenario"))
            bug->scenario = g_build_filename(folder, words[1], NULL);
        if (n == 3 && !bug->target && g_str_equal(words[0], "target")) {
            bug->target = g_strdup(words[1]);
            bug->input = g_build_filename(folder, words[2], NULL);
        }
    }
}

static char *
heading(char **lines)
{
    for (; *lines; lines++) {
        if (g_str_has_prefix(*lines, "# "))
            return g_strdup(*lines + strlen("# "));
    }
    return NULL;
}

/* Returns what is missing in a page, or NULL. */
static const char *
missing(const CpBug *bug)
{
    return !bug->id                         ? "the field 'id'"
           : !bug->kind                     ? "the field 'kind'"
           : !bug->since                    ? "the field 'since'"
           : !bug->fixed                    ? "the field 'fixed'"
           : !bug->seen                     ? "the field 'seen'"
           : !bug->scenario && !bug->target ? "the field 'shows' with 'scenario FILE' or 'target TARGET FILE'"
           : !bug->symptom                  ? "a heading"
                                            : NULL;
}

CpBug *
cp_bug_load(const char *file, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!cp_input_read(file, &text, &length, error))
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(CpBug) bug = g_new0(CpBug, 1);
    bug->page = g_strdup(file);
    if (*lines && g_str_equal(*lines, "---")) {
        g_autofree char *folder = g_path_get_dirname(file), *shows = field(lines, "shows");
        g_autofree char *steps = field(lines, "public");
        bug->id = field(lines, "id");
        bug->kind = field(lines, "kind");
        bug->since = field(lines, "since");
        bug->fixed = field(lines, "fixed");
        bug->seen = words_of(lines, "seen");
        bug->crash = field(lines, "crash");
        bug->qemu_fixed = field(lines, "qemu-fixed");
        bug->made_for = words_of(lines, "made-for");
        bug->not_on = words_of(lines, "not-on");
        bug->deadline = field(lines, "deadline");
        bug->hidden = field(lines, "hidden");
        bug->steps = steps ? g_build_filename(folder, steps, NULL) : NULL;
        bug->symptom = heading(lines);
        read_shows(bug, shows, folder);
    }
    if (missing(bug)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: expected %s", file, missing(bug));
        return NULL;
    }
    if (g_str_equal(bug->fixed, "no"))
        g_clear_pointer(&bug->fixed, g_free);
    return g_steal_pointer(&bug);
}

void
cp_bug_free(CpBug *bug)
{
    if (!bug)
        return;
    g_free(bug->page);
    g_free(bug->id);
    g_free(bug->symptom);
    g_free(bug->kind);
    g_free(bug->since);
    g_free(bug->fixed);
    g_strfreev(bug->seen);
    g_free(bug->scenario);
    g_free(bug->target);
    g_free(bug->input);
    g_free(bug->crash);
    g_free(bug->qemu_fixed);
    g_strfreev(bug->made_for);
    g_strfreev(bug->not_on);
    g_free(bug->deadline);
    g_free(bug->steps);
    g_free(bug->hidden);
    g_free(bug);
}

GPtrArray *
cp_bugs_load(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return NULL;
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *page = g_build_filename(folder, name, "about.md", NULL);
        if (g_file_test(page, G_FILE_TEST_EXISTS))
            g_ptr_array_add(pages, g_steal_pointer(&page));
    }
    g_ptr_array_sort(pages, cp_text_compare);

    g_autoptr(GPtrArray) bugs = g_ptr_array_new_with_free_func((GDestroyNotify)cp_bug_free);
    for (guint i = 0; i < pages->len; i++) {
        CpBug *bug = cp_bug_load(pages->pdata[i], error);
        if (!bug)
            return NULL;
        g_ptr_array_add(bugs, bug);
    }
    return g_steal_pointer(&bugs);
}

const CpBug *
cp_bugs_find(const GPtrArray *bugs, const char *id)
{
    for (guint i = 0; i < bugs->len; i++) {
        const CpBug *bug = bugs->pdata[i];
        if (g_str_equal(bug->id, id))
            return bug;
    }
    return NULL;
}

/* Whether version `a`, numbers with dots between, is older than `b`. */
static gboolean
is_older(const char *a, const char *b)
{
    for (;;) {
        char *after_a, *after_b;
        guint64 number_a = g_ascii_strtoull(a, &after_a, 10), number_b = g_ascii_strtoull(b, &after_b, 10);
        if (number_a != number_b)
            return number_a < number_b;
        if (*after_a != '.' || *after_b != '.')
            return *after_b == '.' && *after_a != '.';
        a = after_a + 1;
        b = after_b + 1;
    }
}

CpBugForecast
cp_bug_forecast(const CpBug *bug, const char *libvirt, const char *qemu, const char *target)
{
    if (!libvirt)
        return CP_BUG_UNKNOWN;
    if (is_older(libvirt, bug->since) || (bug->fixed && !is_older(libvirt, bug->fixed)) ||
        (qemu && bug->qemu_fixed && !is_older(qemu, bug->qemu_fixed)) ||
        (target && bug->scenario && bug->not_on && g_strv_contains((const char *const *)bug->not_on, target)))
        return CP_BUG_ABSENT;
    return g_strv_contains((const char *const *)bug->seen, libvirt) ? CP_BUG_SHOWS : CP_BUG_LIKELY;
}

const char *
cp_bug_forecast_name(CpBugForecast forecast)
{
    static const char *const names[] = {
        [CP_BUG_SHOWS] = "seen",
        [CP_BUG_LIKELY] = "not tried",
        [CP_BUG_ABSENT] = "not affected",
        [CP_BUG_UNKNOWN] = "unknown",
    };
    return names[forecast];
}
