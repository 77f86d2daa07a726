/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds results to an archive. */
#include "archive/add.h"

#include "archive/environment.h"
#include "base/error.h"
#include "base/input.h"
#include "measure/result.h"

/* A result on its way into the archive. */
typedef struct {
    CpArchive *archive;
    const char *file;
    const CpResult *result;
    const char *machine;
    gint64 id;
} Addition;

/* What figures of a variant have in common. */
typedef struct {
    char *variant; /* as series have it */
    gint64 environment;
} Part;

static gint64
count_wrong(const CpScenarioResult *scenario)
{
    const CpCounts *counts = &scenario->counts;
    return counts->reads[CP_VERDICT_STALE] + counts->reads[CP_VERDICT_TORN] + counts->reads[CP_VERDICT_FAILED] +
           counts->hidden + counts->unheld;
}

static gboolean
add_figure(const Addition *addition,
           const Part *part,
           const CpScenarioResult *scenario,
           const char *metric,
           gboolean is_time,
           double value,
           GError **error)
{
    gint64 series, known;
    if (!cp_archive_execute(
            addition->archive, error,
            "INSERT OR IGNORE INTO series (machine, variant, scenario, metric, is_time) VALUES (?, ?, ?, ?, ?)",
            "ssssi", addition->machine, part->variant, scenario->name, metric, (gint64)is_time) ||
        !cp_archive_number(addition->archive, &series, error,
                           "SELECT id FROM series WHERE machine = ? AND variant = ? AND scenario = ? AND metric = ? "
                           "AND is_time = ?",
                           "ssssi", addition->machine, part->variant, scenario->name, metric, (gint64)is_time) ||
        !cp_archive_number(addition->archive, &known, error,
                           "SELECT count(*) FROM figure WHERE series = ? AND result = ?", "ii", series, addition->id))
        return FALSE;
    if (known > 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: '%s' of %s is there twice, expected different names",
                    addition->file, metric, scenario->name);
        return FALSE;
    }
    return cp_archive_execute(addition->archive, error, "INSERT INTO figure VALUES (?, ?, ?, ?)", "iiif", series,
                              addition->id, part->environment, value);
}

/* Returns the metric of a line: its label, which stays if lines are added above it. With its number if it has none, or if an
 * earlier line has the same. */
static char *
name_line(const GPtrArray *lines, guint i)
{
    const CpResultLine *line = lines->pdata[i];
    gboolean repeated = FALSE;
    for (guint other = 0; other < i; other++)
        repeated |= g_strcmp0(((const CpResultLine *)lines->pdata[other])->label, line->label) == 0;
    if (!line->label)
        return g_strdup_printf("line %" G_GINT64_FORMAT, line->line);
    return repeated ? g_strdup_printf("%s (line %" G_GINT64_FORMAT ")", line->label, line->line)
                    : g_strdup(line->label);
}

static gboolean
add_scenario(const Addition *addition, const Part *part, const CpScenarioResult *scenario, GError **error)
{
    gint64 wrong = count_wrong(scenario);
    const struct {
        const char *metric;
        gint64 count;
    } counts[] = { { "wrong", wrong },
                   { "spurious", scenario->counts.refreshes[CP_REFRESH_SPURIOUS] },
                   { "emulators", scenario->counts.emulators } };
    if (scenario->rounds == 0)
        return TRUE;
    /* If reads have no verdict, nobody knows that none is wrong. */
    gsize first = wrong == 0 && scenario->counts.reads[CP_VERDICT_UNKNOWN] > 0 ? 1 : 0;
    for (gsize i = first; i < G_N_ELEMENTS(counts); i++) {
        g_autofree char *metric = g_strdup_printf("%s per round", counts[i].metric);
        if (!add_figure(addition, part, scenario, metric, FALSE, (double)counts[i].count / scenario->rounds, error))
            return FALSE;
    }
    g_autoptr(GPtrArray) lines = cp_scenario_result_lines(scenario);
    for (guint i = 0; i < lines->len; i++) {
        CpSummary summary = cp_result_line_summarize(lines->pdata[i]);
        g_autofree char *metric = name_line(lines, i);
        if (summary.n > 0 && !add_figure(addition, part, scenario, metric, TRUE, summary.median, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_environment(const Addition *addition, JsonObject *environment, gint64 *id, GError **error)
{
    g_autofree char *text = cp_environment_lasting(environment), *emulator = cp_environment_emulator(environment);
    return cp_archive_execute(addition->archive, error,
                              "INSERT OR IGNORE INTO environment (text, target, libvirt, emulator) VALUES (?, ?, ?, ?)",
                              "ssss", text, cp_environment_text(environment, "target"),
                              cp_environment_text(environment, "libvirt.version"), emulator) &&
           cp_archive_number(addition->archive, id, error, "SELECT id FROM environment WHERE text = ?", "s", text);
}

static gboolean
add_part(const Addition *addition, const char *name, JsonObject *environment, GError **error)
{
    g_autofree char *variant = cp_environment_variant(environment, name);
    Part part = { variant, 0 };
    gint64 rounds = 0, wrong = 0;
    if (!add_environment(addition, environment, &part.environment, error))
        return FALSE;
    for (guint i = 0; i < addition->result->scenarios->len; i++) {
        const CpScenarioResult *scenario = addition->result->scenarios->pdata[i];
        if (g_strcmp0(scenario->variant, name) != 0)
            continue;
        rounds += scenario->rounds;
        wrong += count_wrong(scenario);
        if (!add_scenario(addition, &part, scenario, error))
            return FALSE;
    }
    return cp_archive_execute(addition->archive, error, "INSERT INTO part VALUES (?, ?, ?, ?, ?)", "isiii",
                              addition->id, variant, part.environment, rounds, wrong);
}

static gboolean
add_rows(Addition *addition, gint64 time_us, const char *digest, const char *text, GError **error)
{
    const CpResult *result = addition->result;
    if (!cp_archive_execute(addition->archive, error,
                            "INSERT INTO result (time_us, seed, machine, digest) VALUES (?, ?, ?, ?)", "iiss", time_us,
                            result->seed, addition->machine, digest))
        return FALSE;
    addition->id = sqlite3_last_insert_rowid(addition->archive->sqlite);
    if (!cp_archive_execute(addition->archive, error, "INSERT INTO document VALUES (?, ?)", "is", addition->id, text) ||
        (result->variants->len == 0 && !add_part(addition, NULL, result->environment, error)))
        return FALSE;
    for (guint i = 0; i < result->variants->len; i++) {
        const CpResultVariant *variant = result->variants->pdata[i];
        if (!add_part(addition, variant->name, variant->environment, error))
            return FALSE;
    }
    return TRUE;
}

/* Looks for the run in the archive. FALSE with `error` set if it has other figures there. */
static gboolean
look_up(const Addition *addition, const char *file, gint64 time_us, const char *digest, CpAdded *added, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        cp_archive_prepare(addition->archive, error, "SELECT id, digest FROM result WHERE time_us = ? AND seed = ?",
                           "ii", time_us, addition->result->seed);
    if (!statement || !cp_archive_step(addition->archive, statement, &added->known, error))
        return FALSE;
    if (!added->known)
        return TRUE;
    added->id = sqlite3_column_int64(statement, 0);
    if (g_strcmp0((const char *)sqlite3_column_text(statement, 1), digest) == 0)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                "%s: of the same run as result %" G_GINT64_FORMAT " of the archive, but with another text", file,
                added->id);
    return FALSE;
}

gboolean
cp_archive_add(CpArchive *archive, const char *file, const char *machine, CpAdded *added, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!cp_input_read_limited(file, CP_INPUT_RECORD_MAX, &text, &length, error))
        return FALSE;
    g_autoptr(CpResult) result = cp_result_parse(file, text, length, error);
    if (!result)
        return FALSE;
    if (result->variants->len > 0 && ((const CpResultVariant *)result->variants->pdata[0])->machine) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: it was merged from results of several machines, expected them one by one", file);
        return FALSE;
    }
    const char *date = cp_environment_text(result->environment, "date");
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(date, utc);
    if (!time) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: environment.date: '%s' is not a time, expected one such as 2026-11-26T13:17:07Z", file, date);
        return FALSE;
    }
    gint64 time_us = g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
    g_autofree char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
    g_autofree char *processors = cp_environment_machine(result->environment);
    Addition addition = { archive, file, result, machine ? machine : processors, 0 };
    if (!cp_archive_begin(archive, error))
        return FALSE;
    gboolean good = look_up(&addition, file, time_us, digest, added, error) &&
                    (added->known || add_rows(&addition, time_us, digest, text, error));
    if (good && !added->known)
        added->id = addition.id;
    return cp_archive_end(archive, good, error);
}
