/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people say about results in an archive. */
#include "archive/annotate.h"

#include "base/error.h"

static gboolean
check_result(CpArchive *archive, gint64 id, GError **error)
{
    gint64 n;
    if (!cp_archive_number(archive, &n, error, "SELECT count(*) FROM result WHERE id = ?", "i", id))
        return FALSE;
    if (n == 0)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: there is no result %" G_GINT64_FORMAT, archive->file, id);
    return n > 0;
}

static gboolean
add_note(CpArchive *archive, gint64 id, const char *note, GError **error)
{
    return check_result(archive, id, error) &&
           cp_archive_execute(archive, error, "INSERT INTO note VALUES (?, ?)", "is", id, note);
}

gboolean
cp_archive_note(CpArchive *archive, gint64 id, const char *note, GError **error)
{
    return cp_archive_begin(archive, error) && cp_archive_end(archive, add_note(archive, id, note, error), error);
}

static gboolean
accept(CpArchive *archive, gint64 id, const CpFilter *filter, guint *n, GError **error)
{
    g_autoptr(GPtrArray) all = cp_archive_series(archive, filter, FALSE, error);
    if (!all || (id != 0 && !check_result(archive, id, error)))
        return FALSE;
    *n = 0;
    for (guint i = 0; i < all->len; i++) {
        const CpSeries *series = all->pdata[i];
        if (!cp_archive_execute(
                archive, error,
                "INSERT OR REPLACE INTO baseline SELECT series, max(time_us) FROM figure"
                " JOIN result ON result.id = result WHERE series = ?1 AND ?2 IN (0, result) GROUP BY series",
                "ii", series->id, id))
            return FALSE;
        *n += sqlite3_changes(archive->sqlite);
    }
    if (*n == 0)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: nothing there is what was asked for", archive->file);
    return *n > 0;
}

gboolean
cp_archive_accept(CpArchive *archive, gint64 id, const CpFilter *filter, guint *n, GError **error)
{
    return cp_archive_begin(archive, error) && cp_archive_end(archive, accept(archive, id, filter, n, error), error);
}
