/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of archives: what is added, refused and found again. */
#include "archive-results.h"

#include "archive/annotate.h"
#include "archive/environment.h"
#include "archive/export.h"
#include "archive/print.h"

/* Refused with a message that begins with the path of the archive and this text. */
static void
assert_not_opened(const char *file, const char *expected)
{
    GError *error = NULL;
    g_autofree char *message = g_strdup_printf("%s: %s", file, expected);
    g_assert_null(cp_archive_open(file, TRUE, &error));
    assert_refused(&error, message);
}

/* Makes an SQLite database. */
static char *
make_database(const char *folder, const char *name, const char *sql)
{
    char *file = g_build_filename(folder, name, NULL);
    sqlite3 *database;
    g_assert_cmpint(sqlite3_open(file, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(database);
    return file;
}

static void
test_open(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *garbage = folder_write(folder, "garbage",
                                            "This is a text, longer than the header of an SQLite database "
                                            "is, of one hundred bytes. It has nothing else to say.");
    g_autofree char *other = make_database(folder, "other", "CREATE TABLE t (x)");
    g_autofree char *newer =
        make_database(folder, "newer", "PRAGMA application_id = 0x63617070; PRAGMA user_version = 9");
    g_autofree char *missing = g_build_filename(folder, "missing", NULL);
    g_autofree char *empty = folder_write(folder, "empty", "");
    GError *error = NULL;

    assert_not_opened(garbage, "not an archive of capprobe");
    assert_not_opened(other, "a database of another program");
    assert_not_opened(newer, "has schema 9 of a newer capprobe, expected at most 2");
    assert_not_opened("", "unable to open database file");
    assert_not_opened(folder, "unable to open database file");
    g_assert_null(cp_archive_open(missing, FALSE, &error));
    assert_refused(&error, missing);
    g_assert_false(g_file_test(missing, G_FILE_TEST_EXISTS));
    cp_archive_close(cp_archive_open(empty, FALSE, &error));
    g_assert_no_error(error);
    folder_end(folder);
}

/* An archive of an earlier schema is brought to this one, with what is in it. */
static void
test_migrate(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *file = result_write(folder, "result", 1, 10);
    g_autoptr(CpArchive) archive = archive_open(folder);
    archive_add(archive, file, 1, FALSE);
    g_assert_cmpint(sqlite3_exec(archive->sqlite, "DROP TABLE note; DROP TABLE baseline; PRAGMA user_version = 1", NULL,
                                 NULL, NULL),
                    ==, SQLITE_OK);
    g_clear_pointer(&archive, cp_archive_close);

    archive = archive_open(folder);
    g_assert_cmpint(archive_number(archive, "PRAGMA user_version"), ==, 2);
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM note"), ==, 0);
    archive_add(archive, file, 1, TRUE);
    g_clear_pointer(&archive, cp_archive_close);
    folder_end(folder);
}

static void
assert_not_added(CpArchive *archive, const char *file, const char *expected)
{
    GError *error = NULL;
    CpAdded added;
    g_autofree char *message = g_strdup_printf("%s:%s", file, expected);
    g_assert_false(cp_archive_add(archive, file, NULL, &added, &error));
    assert_refused(&error, message);
}

static void
test_add(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *first = result_write(folder, "first", 1, 10), *second = result_write(folder, "second", 2, 10);
    g_autofree char *changed = result_write(folder, "changed", 2, 11);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(first, &text, NULL, NULL));
    g_autofree char *broken = folder_write(folder, "broken", "{\n \"schema\" : \"capprobe.result/2\",\n");
    g_autofree char *older = folder_write(folder, "older", "{\n \"schema\" : \"capprobe.result/1\"}\n");
    g_auto(GStrv) around = g_strsplit(text, "2026-01-02", 2);
    g_autofree char *undated = g_strconcat(around[0], "yesterday ", around[1], NULL);
    g_autofree char *no_date = folder_write(folder, "no-date", undated);
    g_autoptr(CpArchive) archive = archive_open(folder);

    archive_add(archive, first, 1, FALSE);
    archive_add(archive, second, 2, FALSE);
    archive_add(archive, first, 1, TRUE);
    assert_not_added(archive, changed, " of the same run as result 2 of the archive");
    assert_not_added(archive, broken, "2:");
    assert_not_added(archive, older, "2:");
    assert_not_added(archive, no_date, " environment.date: 'yesterday ");
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM result"), ==, 2);
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM environment"), ==, 1);
    g_clear_pointer(&archive, cp_archive_close);
    folder_end(folder);
}

/* Adds `n` results, the first half of them with samples of 10 ms, the others with 12 ms; in reverse order. */
static void
fill(CpArchive *archive, const char *folder, guint n, const char *machine)
{
    for (guint i = n; i-- > 0;) {
        g_autofree char *file = result_write(folder, "result", i, (i < n / 2 ? 10 : 12) + i % 3 * 0.01);
        GError *error = NULL;
        CpAdded added;
        cp_archive_add(archive, file, machine, &added, &error);
        g_assert_no_error(error);
    }
}

/* Returns the only change of the only time. */
static CpLevelChange
only_change(CpArchive *archive, gboolean *open)
{
    g_autoptr(GPtrArray) all = cp_archive_series(archive, &(CpFilter){ .metric = "line 4" }, TRUE, NULL);
    g_assert_cmpuint(all->len, ==, 1);
    g_autoptr(GArray) changes = cp_series_changes(all->pdata[0]);
    g_assert_cmpuint(changes->len, ==, 1);
    *open = cp_series_is_open(all->pdata[0], &g_array_index(changes, CpLevelChange, 0));
    return g_array_index(changes, CpLevelChange, 0);
}

/* Reads without a verdict are not right ones; an environment of any shape is kept. */
static void
test_unknown(void)
{
    g_autofree char *folder = folder_begin(), *text = NULL;
    g_autoptr(CpArchive) archive = archive_open(folder);
    g_autofree char *file = result_write(folder, "result", 0, 10);
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    g_autoptr(CpResult) result = cp_result_parse(file, text, strlen(text), NULL);
    CpScenarioResult *scenario = result->scenarios->pdata[0];
    scenario->counts.reads[CP_VERDICT_UNKNOWN] = 1;
    for (CpVerdict verdict = CP_VERDICT_STALE; verdict <= CP_VERDICT_FAILED; verdict++)
        scenario->counts.reads[verdict] = 0;
    scenario->counts.hidden = scenario->counts.unheld = 0;
    /* json-glib does not read the number that it writes for this one. */
    g_autofree char *plain = cp_result_write(result);
    g_autoptr(GString) changed = g_string_new(plain);
    g_assert_cmpuint(g_string_replace(changed, "\"date\"", "\"large\": 1e308, \"date\"", 1), ==, 1);
    g_autofree char *unknown = folder_write(folder, "unknown", changed->str);
    archive_add(archive, unknown, 1, FALSE);
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM series WHERE metric = 'wrong per round'"), ==, 0);
    g_assert_cmpint(archive_number(archive, "SELECT count(*) FROM series WHERE metric = 'spurious per round'"), ==, 1);
    g_clear_pointer(&archive, cp_archive_close);
    folder_end(folder);
}

/* A better level of `lasting` results is lost. That is not just as before if it was accepted, or lasted. */
static void
assert_lost(guint lasting)
{
    g_autofree char *folder = folder_begin();
    g_autoptr(CpArchive) archive = archive_open(folder);
    for (guint i = 0; i < 30; i++) {
        g_autofree char *file =
            result_write(folder, "result", i, (i >= 10 && i < 10 + lasting ? 10 : 12) + i % 3 * 0.01);
        archive_add(archive, file, i + 1, FALSE);
    }
    g_autoptr(GPtrArray) all = cp_archive_series(archive, &(CpFilter){ .metric = "line 4" }, TRUE, NULL);
    CpSeries *series = all->pdata[0];
    g_autoptr(GArray) changes = cp_series_changes(series);
    g_assert_cmpuint(changes->len, ==, 2);
    const CpLevelChange *back = &g_array_index(changes, CpLevelChange, 1);
    g_assert_cmpint(back->fate, ==, CP_FATE_RETURNS);
    g_assert_cmpint(cp_series_is_open(series, back), ==, lasting >= CP_SERIES_LASTING);
    for (guint accepted = 0; accepted < 30; accepted++) {
        series->accepted_us = g_array_index(series->points, CpPoint, accepted).time_us;
        g_assert_cmpint(cp_series_is_open(series, back), ==,
                        accepted < 10 + lasting && (accepted >= 10 || lasting >= CP_SERIES_LASTING));
    }
    g_clear_pointer(&archive, cp_archive_close);
    folder_end(folder);
}

static void
test_lost_again(void)
{
    assert_lost(CP_SERIES_LASTING - 1);
    assert_lost(CP_SERIES_LASTING);
}

static void
test_changes(void)
{
    g_autofree char *folder = folder_begin();
    g_autoptr(CpArchive) archive = archive_open(folder);
    GError *error = NULL;
    gboolean open;
    guint n;

    fill(archive, folder, 20, NULL);
    CpLevelChange change = only_change(archive, &open);
    g_assert_cmpuint(change.point.index, ==, 10);
    g_assert_cmpfloat_with_epsilon(change.point.before, 10.009e6, 1);
    g_assert_true(open);

    /* Results were added in reverse order: number 10 is the eleventh in time, the first on the new level. */
    g_assert_true(cp_archive_accept(archive, 11, &(CpFilter){ 0 }, &n, &error));
    only_change(archive, &open);
    g_assert_true(open);
    g_assert_true(cp_archive_accept(archive, 10, &(CpFilter){ 0 }, &n, &error));
    g_assert_cmpuint(n, ==, 4);
    only_change(archive, &open);
    g_assert_false(open);
    g_assert_true(cp_archive_accept(archive, 11, &(CpFilter){ .metric = "line 4" }, &n, &error));
    g_assert_cmpuint(n, ==, 1);
    only_change(archive, &open);
    g_assert_true(open);
    g_assert_true(cp_archive_accept(archive, 0, &(CpFilter){ 0 }, &n, &error));
    only_change(archive, &open);
    g_assert_false(open);
    g_assert_false(cp_archive_accept(archive, 21, &(CpFilter){ 0 }, &n, &error));
    assert_refused(&error, archive->file);
    g_assert_false(cp_archive_accept(archive, 0, &(CpFilter){ .machine = "x" }, &n, &error));
    assert_refused(&error, archive->file);
    g_assert_false(cp_archive_note(archive, 21, "a note", &error));
    assert_refused(&error, archive->file);
    g_clear_pointer(&archive, cp_archive_close);
    folder_end(folder);
}

static void
test_filter(void)
{
    char *scenarios[] = { (char *)"warm-*", (char *)"cold", NULL };
    const CpFilter filter = { .scenarios = scenarios, .machine = "m?" };
    g_assert_true(cp_filter_takes(&filter, "m1", "v", "warm-read", "line 4"));
    g_assert_true(cp_filter_takes(&filter, "m1", NULL, "cold", NULL));
    g_assert_false(cp_filter_takes(&filter, "m1", "v", "cold-probe", "line 4"));
    g_assert_false(cp_filter_takes(&filter, "m12", "v", "cold", "line 4"));
    g_assert_true(cp_filter_takes(&(CpFilter){ 0 }, "m", "v", "s", "l"));
}

static void
test_csv(void)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *other = result_write(folder, "other", 7, 10);
    g_autoptr(CpArchive) archive = archive_open(folder);
    GError *error = NULL;
    CpAdded added;
    Memory memory;

    fill(archive, folder, 2, "m");
    g_assert_true(cp_archive_export_csv(archive, &(CpFilter){ 0 }, memory_begin(&memory), &error));
    memory_end(&memory, "time,commit,result,s:line 4,s:wrong per round,s:spurious per round,s:emulators per round\n"
                        "2026-01-01T00:00:00Z,9.0.0,2,10.000000,3.000000,1.000000,4.000000\n"
                        "2026-01-02T00:00:00Z,9.0.0,1,12.010000,3.000000,1.000000,4.000000\n");

    g_assert_true(cp_archive_add(archive, other, "other, machine", &added, &error));
    g_assert_false(cp_archive_export_csv(archive, &(CpFilter){ 0 }, stdout, &error));
    assert_refused(&error, archive->file);
    g_assert_true(cp_archive_export_csv(archive, &(CpFilter){ .machine = "o*", .metric = "line*" },
                                        memory_begin(&memory), &error));
    memory_end(&memory, "time,commit,result,s:line 4\n2026-01-08T00:00:00Z,9.0.0,3,10.000000\n");
    g_assert_false(cp_archive_export_csv(archive, &(CpFilter){ .machine = "x" }, stdout, &error));
    assert_refused(&error, archive->file);
    g_clear_pointer(&archive, cp_archive_close);
    folder_end(folder);
}

static void
test_environment(void)
{
    g_autoptr(JsonNode) node =
        json_from_string("{\"date\":\"d\",\"target\":\"embed\",\"kvm\":\"absent\",\"arch\":\"\",\"machine\":1,"
                         "\"host\":{\"cpu\":\"C\",\"cpus\":2,\"load_1min\":0.5}}",
                         NULL);
    JsonObject *environment = json_node_get_object(node);
    g_autofree char *machine = cp_environment_machine(environment);
    g_autofree char *no_emulator = cp_environment_emulator(environment);
    g_autofree char *variant = cp_environment_variant(environment, "v"),
                    *only = cp_environment_variant(environment, NULL);
    g_autofree char *lasting = cp_environment_lasting(environment);
    g_auto(GStrv) lines =
        cp_environment_differences(lasting, "{\"target\":\"embed\",\"kvm\":\"usable\",\"machine\":1,\"x\":\"y\","
                                            "\"host\":{\"cpu\":\"C\",\"cpus\":4}}");
    g_autofree char *differences = g_strjoinv("\n", lines);

    g_assert_cmpstr(machine, ==, "2 x C");
    g_assert_cmpstr(no_emulator, ==, "");
    json_object_set_object_member(environment, "emulator", json_object_new());
    json_object_set_string_member(json_object_get_object_member(environment, "emulator"), "version",
                                  "QEMU emulator version 7.2.22 (Debian 1:7.2)");
    g_autofree char *emulator = cp_environment_emulator(environment);
    g_assert_cmpstr(emulator, ==, "7.2.22");
    g_assert_cmpstr(variant, ==, "v embed kvm=absent");
    g_assert_cmpstr(only, ==, "embed kvm=absent");
    g_assert_cmpstr(
        lasting, ==,
        "{\"target\":\"embed\",\"kvm\":\"absent\",\"arch\":\"\",\"machine\":1,\"host\":{\"cpu\":\"C\",\"cpus\":2}}");
    g_assert_cmpstr(differences, ==, "arch:  -> -\nhost.cpus: 2 -> 4\nkvm: absent -> usable\nx: - -> y");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/archive/open", test_open);
    g_test_add_func("/archive/migrate", test_migrate);
    g_test_add_func("/archive/add", test_add);
    g_test_add_func("/archive/changes", test_changes);
    g_test_add_func("/archive/unknown", test_unknown);
    g_test_add_func("/archive/lost-again", test_lost_again);
    g_test_add_func("/archive/filter", test_filter);
    g_test_add_func("/archive/csv", test_csv);
    g_test_add_func("/archive/environment", test_environment);
    return g_test_run();
}
