/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/noise.h. */
#include "measure/noise.h"

#include "helper.h"
#include "made-result.h"

#define MACHINE "some CPU, 2 CPUs, KVM absent"

/* A run of two variants of which the second is slower by `shift_ns`, of 100 ms. */
static CpResult *
run_of(gint64 rounds, gint64 shift_ns)
{
    CpResult *result = made_variants();
    made_samples(made_scenario(result, "s", "old", rounds), 100 * MS, 2 * MS, 1);
    made_samples(made_scenario(result, "s", "new", rounds), 100 * MS + shift_ns, 2 * MS, 2);
    return result;
}

static double
floor_of(const CpNoise *noise)
{
    g_autoptr(CpResult) result = run_of(20, 0);
    g_autoptr(CpComparison) comparison = compare_variants(result, (CpComparisonRule)CP_COMPARISON_RULE);
    return cp_noise_apply(noise, comparison) ? line_of(comparison, 0)->floor : -1;
}

static void
assert_counts(const CpNoise *noise, const char *machine, gint64 comparisons, gint64 alarms)
{
    gint64 got_comparisons, got_alarms;
    cp_noise_count(noise, machine, &got_comparisons, &got_alarms);
    g_assert_cmpint(got_comparisons, ==, comparisons);
    g_assert_cmpint(got_alarms, ==, alarms);
}

static void
test_add(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = folder_begin();
    g_autofree char *inner = g_build_filename(folder, "state", NULL), *file = g_build_filename(inner, "noise", NULL);
    g_autoptr(CpNoise) noise = cp_noise_load(file, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(floor_of(noise), ==, -1);
    assert_counts(noise, MACHINE, 0, 0);

    /* Three comparisons of 20 rounds, without the remaining 5; and one that is an alarm. */
    g_autoptr(CpResult) same = run_of(65, 0), other = run_of(20, 7 * MS), few = run_of(19, 50 * MS);
    guint comparisons, alarms;
    cp_noise_add(noise, same, &comparisons, &alarms);
    g_assert_cmpuint(comparisons, ==, 3);
    g_assert_cmpuint(alarms, ==, 0);
    double floor = floor_of(noise);
    g_assert_cmpfloat(floor, >, 0);
    g_assert_cmpfloat(floor, <, 0.01);
    cp_noise_add(noise, other, &comparisons, &alarms);
    g_assert_cmpuint(alarms, ==, 1);
    cp_noise_add(noise, few, &comparisons, &alarms);
    g_assert_cmpuint(comparisons, ==, 0);
    assert_counts(noise, MACHINE, 4, 1);
    assert_counts(noise, "another", 0, 0);
    g_assert_cmpfloat_with_epsilon(floor_of(noise), 0.07, 0.005);

    /* The file keeps it. */
    g_assert_true(cp_noise_save(noise, file, &error));
    g_autoptr(CpNoise) again = cp_noise_load(file, &error);
    g_assert_no_error(error);
    assert_counts(again, MACHINE, 4, 1);
    g_assert_cmpfloat_with_epsilon(floor_of(again), floor_of(noise), 1e-12);

    /* Old runs are forgotten. */
    for (int i = 0; i < CP_NOISE_RUNS; i++)
        cp_noise_add(again, same, &comparisons, &alarms);
    g_assert_cmpfloat(floor_of(again), ==, floor);
    folder_end(inner);
    folder_end(folder);
}

#define WRITERS 4
#define RUNS 10

static gpointer
record(gpointer file)
{
    g_autoptr(CpResult) result = run_of(20, 0);
    for (int i = 0; i < RUNS; i++) {
        g_autoptr(GError) error = NULL;
        guint comparisons, alarms;
        g_autoptr(CpNoise) noise = cp_noise_record(file, result, &comparisons, &alarms, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(comparisons, ==, 1);
    }
    return NULL;
}

/* Several writers at the same time lose nothing. */
static void
test_writers(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = folder_begin(), *file = g_build_filename(folder, "noise", NULL);
    GThread *writers[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        writers[i] = g_thread_new("writer", record, file);
    for (int i = 0; i < WRITERS; i++)
        g_thread_join(writers[i]);
    g_autoptr(CpNoise) noise = cp_noise_load(file, &error);
    g_assert_no_error(error);
    assert_counts(noise, MACHINE, WRITERS * RUNS, 0);
    folder_end(folder);
}

static void
test_refuse(void)
{
    static const char *const texts[][2] = {
        { "", "1:1: " },
        { "{\"schema\": \"capprobe.noise/2\"}", "1:2: this is a file of the schema 'capprobe.noise/2'" },
        { "{\"schema\": \"capprobe.noise/1\"}", "1:1: member 'machines' is missing" },
        { "{\"schema\": \"capprobe.noise/1\", \"machines\": [1]}", "1:32: a machine is not an object" },
        { "{\"schema\": \"capprobe.noise/1\", \"machines\": [{\"machine\": \"m\", \"comparisons\": -1}]}",
          "1:62: member 'comparisons'" },
        { "{\"schema\": \"capprobe.noise/1\", \"machines\": [{\"machine\": \"m\", \"comparisons\": 1, \"alarms\": 0, "
          "\"lines\": [{\"scenario\": \"s\", \"line\": 4, \"runs\": [2]}]}]}",
          "1:132: a run is not an object" },
    };
    g_autofree char *folder = folder_begin();
    g_autofree char *file = g_build_filename(folder, "noise", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_true(g_file_set_contents(file, texts[i][0], -1, NULL));
        g_assert_null(cp_noise_load(file, &error));
        g_autofree char *expected = g_strdup_printf("%s:%s", file, texts[i][1]);
        assert_refused(&error, expected);
    }
    folder_end(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/noise/add", test_add);
    g_test_add_func("/noise/writers", test_writers);
    g_test_add_func("/noise/refuse", test_refuse);
    return g_test_run();
}
