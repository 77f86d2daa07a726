/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Archives: opened, brought to the present schema; SQL statements. */
#include "archive/archive.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdarg.h>

#include "base/error.h"

#define APPLICATION 0x63617070 /* "capp", in the header of the file */
#define WAIT_MS 30000          /* for other processes */
#define RETRY_US 10000

/* Each brings the schema from number i to i + 1. Those that a version of capprobe has had must stay as they are. */
static const char *const migrations[] = {
    "CREATE TABLE result (id INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, seed INTEGER NOT NULL, machine TEXT NOT "
    "NULL,"
    " digest TEXT NOT NULL, UNIQUE (time_us, seed));"
    "CREATE TABLE document (result INTEGER PRIMARY KEY REFERENCES result, text TEXT NOT NULL);"
    "CREATE TABLE environment (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, target TEXT NOT NULL, libvirt TEXT "
    "NOT NULL,"
    " emulator TEXT NOT NULL);"
    "CREATE TABLE part (result INTEGER NOT NULL REFERENCES result, variant TEXT NOT NULL,"
    " environment INTEGER NOT NULL REFERENCES environment, rounds INTEGER NOT NULL, wrong INTEGER NOT NULL,"
    " PRIMARY KEY (result, variant)) WITHOUT ROWID;"
    "CREATE TABLE series (id INTEGER PRIMARY KEY, machine TEXT NOT NULL, variant TEXT NOT NULL, scenario TEXT NOT NULL,"
    " metric TEXT NOT NULL, is_time INTEGER NOT NULL, UNIQUE (machine, variant, scenario, metric, is_time));"
    "CREATE TABLE figure (series INTEGER NOT NULL REFERENCES series, result INTEGER NOT NULL REFERENCES result,"
    " environment INTEGER NOT NULL REFERENCES environment, value REAL NOT NULL, PRIMARY KEY (series, result)) WITHOUT "
    "ROWID;",

    "CREATE TABLE note (result INTEGER NOT NULL REFERENCES result, text TEXT NOT NULL);"
    "CREATE TABLE baseline (series INTEGER PRIMARY KEY REFERENCES series, time_us INTEGER NOT NULL);",
};

char *
cp_archive_default_file(void)
{
    const char *state = g_getenv("XDG_STATE_HOME");
    return state && g_path_is_absolute(state)
               ? g_build_filename(state, "capprobe", "history.db", NULL)
               : g_build_filename(g_get_home_dir(), ".local", "state", "capprobe", "history.db", NULL);
}

char *
cp_archive_format_time(gint64 time_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    return time ? g_date_time_format(time, "%Y-%m-%d %H:%M") : g_strdup("?");
}

/* Sets `error` to what SQLite says. Always returns FALSE. */
static gboolean
refuse(CpArchive *archive, GError **error)
{
    int code = archive->sqlite ? sqlite3_errcode(archive->sqlite) : SQLITE_NOMEM;
    gboolean bad = code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_CANTOPEN;
    const char *text = code == SQLITE_NOTADB ? "not an archive of capprobe, which is an SQLite database"
                       : code == SQLITE_BUSY ? "another process has been writing for more than 30 s"
                                             : sqlite3_errmsg(archive->sqlite);
    g_set_error(error, CP_ERROR, bad ? CP_ERROR_USAGE : CP_ERROR_FAILED, "%s: %s", archive->file, text);
    return FALSE;
}

static sqlite3_stmt *
prepare(CpArchive *archive, GError **error, const char *sql, const char *types, va_list values)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(archive->sqlite, sql, -1, &statement, NULL) != SQLITE_OK) {
        refuse(archive, error);
        return NULL;
    }
    for (int i = 1; types[i - 1]; i++) {
        if (types[i - 1] == 'i')
            sqlite3_bind_int64(statement, i, va_arg(values, gint64));
        else if (types[i - 1] == 'f')
            sqlite3_bind_double(statement, i, va_arg(values, double));
        else
            sqlite3_bind_text(statement, i, va_arg(values, const char *), -1, SQLITE_STATIC);
    }
    return statement;
}

sqlite3_stmt *
cp_archive_prepare(CpArchive *archive, GError **error, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    sqlite3_stmt *statement = prepare(archive, error, sql, types, values);
    va_end(values);
    return statement;
}

gboolean
cp_archive_step(CpArchive *archive, sqlite3_stmt *statement, gboolean *row, GError **error)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE || refuse(archive, error);
}

gboolean
cp_archive_execute(CpArchive *archive, GError **error, const char *sql, const char *types, ...)
{
    va_list values;
    gboolean row;
    va_start(values, types);
    g_autoptr(sqlite3_stmt) statement = prepare(archive, error, sql, types, values);
    va_end(values);
    return statement && cp_archive_step(archive, statement, &row, error);
}

gboolean
cp_archive_number(CpArchive *archive, gint64 *number, GError **error, const char *sql, const char *types, ...)
{
    va_list values;
    gboolean row;
    va_start(values, types);
    g_autoptr(sqlite3_stmt) statement = prepare(archive, error, sql, types, values);
    va_end(values);
    if (!statement || !cp_archive_step(archive, statement, &row, error))
        return FALSE;
    *number = row ? sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

GHashTable *
cp_archive_texts(CpArchive *archive, GError **error, const char *sql)
{
    g_autoptr(GHashTable) texts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(sqlite3_stmt) statement = cp_archive_prepare(archive, error, sql, "");
    gboolean row = TRUE;
    while (statement && row) {
        if (!cp_archive_step(archive, statement, &row, error))
            return NULL;
        gint64 id = row ? sqlite3_column_int64(statement, 0) : 0;
        if (row)
            g_hash_table_insert(texts, g_memdup2(&id, sizeof(id)),
                                g_strdup((const char *)sqlite3_column_text(statement, 1)));
    }
    return statement ? g_steal_pointer(&texts) : NULL;
}

gboolean
cp_archive_begin(CpArchive *archive, GError **error)
{
    return cp_archive_execute(archive, error, "BEGIN IMMEDIATE", "");
}

gboolean
cp_archive_end(CpArchive *archive, gboolean good, GError **error)
{
    if (good && cp_archive_execute(archive, error, "COMMIT", ""))
        return TRUE;
    /* After some errors SQLite has done that itself. */
    if (!sqlite3_get_autocommit(archive->sqlite))
        sqlite3_exec(archive->sqlite, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

/* Checks that the file is an archive, or empty, and brings it to the present schema. In a transaction. */
static gboolean
migrate(CpArchive *archive, GError **error)
{
    gint64 version, application, tables;
    if (!cp_archive_number(archive, &version, error, "PRAGMA user_version", "") ||
        !cp_archive_number(archive, &application, error, "PRAGMA application_id", "") ||
        !cp_archive_number(archive, &tables, error, "SELECT count(*) FROM sqlite_master", ""))
        return FALSE;
    if (application != APPLICATION && (application != 0 || version != 0 || tables > 0)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: a database of another program, expected an archive of capprobe", archive->file);
        return FALSE;
    }
    if (version > (gint64)G_N_ELEMENTS(migrations)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "%s: has schema %" G_GINT64_FORMAT " of a newer capprobe, expected at most %zu", archive->file,
                    version, G_N_ELEMENTS(migrations));
        return FALSE;
    }
    for (; version < (gint64)G_N_ELEMENTS(migrations); version++) {
        g_autofree char *numbers =
            g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION, (int)version + 1);
        if (sqlite3_exec(archive->sqlite, migrations[version], NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_exec(archive->sqlite, numbers, NULL, NULL, NULL) != SQLITE_OK)
            return refuse(archive, error);
    }
    return TRUE;
}

/* Whether the file is an archive of the present schema; FALSE also if that cannot be told. */
static gboolean
is_present(CpArchive *archive)
{
    gint64 version, application;
    return cp_archive_number(archive, &version, NULL, "PRAGMA user_version", "") &&
           cp_archive_number(archive, &application, NULL, "PRAGMA application_id", "") && application == APPLICATION &&
           version == (gint64)G_N_ELEMENTS(migrations);
}

/* Has changes written to a log beside the file, so that readers and a writer do not disturb each other. SQLite does not wait
 * for another process that does the same. */
static gboolean
use_log(CpArchive *archive, GError **error)
{
    for (gint64 left = WAIT_MS * (gint64)1000; left > 0; left -= RETRY_US) {
        if (sqlite3_exec(archive->sqlite, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL) ==
            SQLITE_OK)
            return TRUE;
        if (sqlite3_errcode(archive->sqlite) != SQLITE_BUSY)
            break;
        g_usleep(RETRY_US);
    }
    return refuse(archive, error);
}

static gboolean
make_folder(const char *file, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);
    return g_mkdir_with_parents(folder, 0700) == 0 ||
           cp_error_set_errno(error, CP_ERROR_USAGE, errno, "%s: cannot make the folder", folder);
}

CpArchive *
cp_archive_open(const char *file, gboolean create, GError **error)
{
    g_autoptr(CpArchive) archive = g_new0(CpArchive, 1);
    archive->file = g_strdup(file);
    if (create && !make_folder(file, error))
        return NULL;
    if (!create && !g_file_test(file, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: there is no such archive; 'capprobe history add' makes it",
                    file);
        return NULL;
    }
    /* Some names, such as "" and ":memory:", are not files to SQLite; no absolute path is among them. */
    g_autofree char *path = g_canonicalize_filename(file, NULL);
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path, &archive->sqlite, flags, NULL) != SQLITE_OK) {
        refuse(archive, error);
        return NULL;
    }
    sqlite3_busy_timeout(archive->sqlite, WAIT_MS);
    if (!is_present(archive) &&
        (!cp_archive_begin(archive, error) || !cp_archive_end(archive, migrate(archive, error), error)))
        return NULL;
    return use_log(archive, error) ? g_steal_pointer(&archive) : NULL;
}

void
cp_archive_close(CpArchive *archive)
{
    if (!archive)
        return;
    sqlite3_close(archive->sqlite);
    g_free(archive->file);
    g_free(archive);
}
