/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files with results for tests of the archive. */
#pragma once

#include "small-result.h"

#include "archive/add.h"

/** Writes the result of SMALL to the file `name`, as if the run had begun `number` days after the begin of 2026 and had the seed `number`;
 * all samples are `ms`. The caller owns the path. */
static inline char *
result_write(const char *folder, const char *name, guint number, double ms)
{
    g_autoptr(CpResult) result = small_result();
    g_autoptr(GDateTime) begin = g_date_time_new_utc(2026, 1, 1, 0, 0, 0);
    g_autoptr(GDateTime) time = g_date_time_add_days(begin, number);
    g_autofree char *date = g_date_time_format_iso8601(time);
    json_object_set_string_member(result->environment, "date", date);
    result->seed = number;
    GArray *samples = ((CpScenarioResult *)result->scenarios->pdata[0])->samples;
    for (guint i = 0; i < samples->len; i++)
        g_array_index(samples, CpSample, i).ns = ms * 1e6;
    g_autofree char *text = cp_result_write(result);
    return folder_write(folder, name, text);
}

/** Opens the archive in `folder`; makes it if there is none. */
static inline CpArchive *
archive_open(const char *folder)
{
    GError *error = NULL;
    g_autofree char *file = g_build_filename(folder, "archive", NULL);
    CpArchive *archive = cp_archive_open(file, TRUE, &error);
    g_assert_no_error(error);
    return archive;
}

/** Returns the number that an SQL statement has for a result. */
static inline gint64
archive_number(CpArchive *archive, const char *sql)
{
    GError *error = NULL;
    gint64 number;
    cp_archive_number(archive, &number, &error, sql, "");
    g_assert_no_error(error);
    return number;
}

/** Adds a file, and asserts its number in the archive. */
static inline void
archive_add(CpArchive *archive, const char *file, gint64 id, gboolean known)
{
    GError *error = NULL;
    CpAdded added;
    cp_archive_add(archive, file, NULL, &added, &error);
    g_assert_no_error(error);
    g_assert_cmpint(added.id, ==, id);
    g_assert_cmpint(added.known, ==, known);
}
