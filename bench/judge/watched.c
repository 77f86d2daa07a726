/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of a watched command and of libvirt meanwhile. */
#include "judge/watched.h"

#include <string.h>

#include "base/duration.h"

/* What dpkg logs when it begins with a package. */
static const char *const dpkg_actions[] = { "install", "upgrade", "remove", "purge", NULL };

/* The same of dnf, with a colon after it. */
static const char *const dnf_actions[] = { "Installed", "Upgrade", "Downgrade", "Erase", NULL };

struct _CpWatching {
    CpWatched *watched;
    GHashTable *answers;            /* digest to CpAnswer */
    GPtrArray *outcomes;            /* of char *: how the reads of each row ended, so that it can be compared */
    GPtrArray *packages;            /* of char *: since the last read */
    const CpAnswer *answer;         /* the last one; NULL before it */
    char *first_fresh, *last_fresh; /* outcomes, before libvirt was started again */
    guint rows_before;              /* how many rows there were when it was; G_MAXUINT until then */
    gint64 last_ns;                 /* when the last read was */
};

static void
row_free(gpointer data)
{
    CpWatchedRow *row = data;
    g_strfreev(row->changes);
    g_strfreev(row->wrong);
    g_ptr_array_unref(row->packages);
    g_free(row);
}

static CpWatched *
watched_new(void)
{
    CpWatched *watched = g_new0(CpWatched, 1);
    watched->rows = g_ptr_array_new_with_free_func(row_free);
    return watched;
}

void
cp_watched_free(CpWatched *watched)
{
    if (!watched)
        return;
    g_ptr_array_unref(watched->rows);
    g_strfreev(watched->command);
    g_free(watched);
}

CpWatching *
cp_watching_new(void)
{
    CpWatching *watching = g_new0(CpWatching, 1);
    watching->rows_before = G_MAXUINT;
    watching->watched = watched_new();
    watching->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cp_answer_free);
    watching->outcomes = g_ptr_array_new_with_free_func(g_free);
    watching->packages = g_ptr_array_new_with_free_func(g_free);
    return watching;
}

void
cp_watching_free(CpWatching *watching)
{
    if (!watching)
        return;
    cp_watched_free(watching->watched);
    g_hash_table_unref(watching->answers);
    g_ptr_array_unref(watching->outcomes);
    g_ptr_array_unref(watching->packages);
    g_free(watching->first_fresh);
    g_free(watching->last_fresh);
    g_free(watching);
}

/* --- packages --- */

char *
cp_watched_package(const char *line)
{
    /* dpkg: DATE TIME ACTION PACKAGE OLD NEW; dnf: TIME LEVEL ACTION: PACKAGE */
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    guint n = g_strv_length(words);
    if (n == 6 && g_strv_contains(dpkg_actions, words[2])) {
        gboolean was = !g_str_equal(words[4], "<none>"), is = !g_str_equal(words[5], "<none>");
        return g_strdup_printf("%s %s%s%s%s%s%s", words[2], words[3], was || is ? " " : "", was ? words[4] : "",
                               was && is ? " -> " : "", is ? words[5] : "", "");
    }
    if (n == 4 && g_str_has_suffix(words[2], ":")) {
        words[2][strlen(words[2]) - 1] = '\0';
        g_autofree char *action = g_ascii_strdown(words[2], -1);
        return g_strv_contains(dnf_actions, words[2]) ? g_strdup_printf("%s %s", action, words[3]) : NULL;
    }
    return NULL;
}

static void
add_operation(CpWatching *watching, const CpEvent *operation)
{
    if (g_str_equal(operation->name, cp_operation(CP_OP_RESTART)->word)) {
        watching->rows_before = MIN(watching->rows_before, watching->watched->rows->len);
        return;
    }
    if (!watching->watched->command)
        watching->watched->command = g_strdupv(operation->args);
    for (char **line = operation->log; line && *line; line++) {
        char *package = cp_watched_package(*line);
        if (package)
            g_ptr_array_add(watching->packages, package);
    }
}

/* --- reads --- */

/* Returns how a read ended, so that reads that ended alike have the same text. The caller owns it. */
static char *
outcome_of(const CpEvent *read, const CpAnswer *answer)
{
    if (answer)
        return g_strconcat("answer ", answer->canonical, NULL);
    return g_strconcat(read->error ? "error " : "lost ", read->error ? read->error : read->lost, NULL);
}

static GStrv
changes_of(const CpWatching *watching, const CpEvent *read, const CpAnswer *answer)
{
    if (!answer) {
        char *line = g_strconcat(read->error ? "error: " : "lost: ", read->error ? read->error : read->lost, NULL);
        g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
        g_strv_builder_add(lines, line);
        g_free(line);
        return g_strv_builder_end(lines);
    }
    GStrv lines = watching->answer ? cp_answer_difference(watching->answer, answer) : NULL;
    if (lines && !*lines)
        g_clear_pointer(&lines, g_strfreev);
    return lines;
}

static void
add_row(CpWatching *watching, const CpFinding *finding, const CpAnswer *answer)
{
    CpWatchedRow *row = g_new0(CpWatchedRow, 1);
    row->from_ns = finding->event->ran_ns;
    row->verdict = finding->verdict;
    row->restarted = watching->watched->rows->len == watching->rows_before;
    row->changes = changes_of(watching, finding->event, answer);
    row->wrong = answer && finding->verdict != CP_VERDICT_FRESH ? g_strdupv(finding->lines) : NULL;
    row->packages = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(watching->watched->rows, row);
}

static void
add_read(CpWatching *watching, const CpFinding *finding)
{
    const CpEvent *read = finding->event;
    CpWatched *watched = watching->watched;
    const CpAnswer *answer = read->answer ? g_hash_table_lookup(watching->answers, read->answer) : NULL;
    g_autofree char *outcome = outcome_of(read, answer);
    CpWatchedRow *last = watched->rows->len ? watched->rows->pdata[watched->rows->len - 1] : NULL;

    if (last) {
        gint64 passed_ns = MAX(read->ran_ns - watching->last_ns, 0);
        last->to_ns = read->ran_ns;
        watched->ns[last->verdict] = cp_sum(watched->ns[last->verdict], passed_ns);
    }
    if (!last || watched->rows->len == watching->rows_before || last->verdict != finding->verdict ||
        !g_str_equal(watching->outcomes->pdata[watched->rows->len - 1], outcome)) {
        add_row(watching, finding, answer);
        g_ptr_array_add(watching->outcomes, g_strdup(outcome));
        last = watched->rows->pdata[watched->rows->len - 1];
    }
    last->to_ns = read->ran_ns;
    last->reads++;
    g_ptr_array_extend_and_steal(last->packages, g_steal_pointer(&watching->packages));
    watching->packages = g_ptr_array_new_with_free_func(g_free);
    watching->answer = answer ? answer : watching->answer;
    watching->last_ns = read->ran_ns;
    watched->reads++;

    if (finding->verdict == CP_VERDICT_FRESH && watching->rows_before == G_MAXUINT) {
        if (!watching->first_fresh)
            watching->first_fresh = g_strdup(outcome);
        g_free(watching->last_fresh);
        watching->last_fresh = g_steal_pointer(&outcome);
    }
}

void
cp_watching_add(const CpFinding *finding, gpointer data)
{
    CpWatching *watching = data;
    const CpEvent *event = finding->event;
    if (event->type == CP_EVENT_ANSWER && !g_hash_table_contains(watching->answers, event->answer)) {
        g_hash_table_insert(watching->answers, g_strdup(event->answer), cp_answer_new(event->xml));
    } else if (event->type == CP_EVENT_OPERATION) {
        add_operation(watching, event);
    } else if (event->type == CP_EVENT_READ) {
        add_read(watching, finding);
    } else if (event->type == CP_EVENT_ROUND_END) {
        watching->watched->ended = TRUE;
        watching->watched->status = event->status;
        watching->watched->ran_ns = event->ran_ns;
    }
}

CpWatched *
cp_watching_finish(CpWatching *watching)
{
    CpWatched *watched = watching->watched;
    for (guint i = 0; i < MIN(watched->rows->len, watching->rows_before); i++) {
        CpWatchedRow *row = watched->rows->pdata[i];
        const char *outcome = watching->outcomes->pdata[i];
        row->between = row->verdict == CP_VERDICT_FRESH && !g_str_equal(outcome, watching->first_fresh) &&
                       !g_str_equal(outcome, watching->last_fresh);
        if (row->between)
            watched->between_ns = cp_sum(watched->between_ns, row->to_ns - row->from_ns);
    }
    watching->watched = watched_new();
    return watched;
}
