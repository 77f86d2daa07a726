/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of measure/student.h, against the figures of R. */
#include "measure/student.h"

#include <math.h>

#include "student.expected"

static void
test_tails(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tails); i++) {
        g_test_message("t = %g, df = %g", tails[i][0], tails[i][1]);
        g_assert_cmpfloat_with_epsilon(cp_student_two_sided(tails[i][0], tails[i][1]), tails[i][2], 1e-12);
    }
    g_assert_cmpfloat(cp_student_two_sided(INFINITY, 3), ==, 0);
    g_assert_cmpfloat(cp_student_two_sided(-INFINITY, 4), ==, 0);
}

static void
test_groups(void)
{
    CpStudentTest test = cp_student_test(a, G_N_ELEMENTS(a), b, G_N_ELEMENTS(b));
    g_assert_cmpfloat_with_epsilon(test.mean_a, 1.016, 1e-15);
    g_assert_cmpfloat_with_epsilon(test.mean_b, 5.64 / 7, 1e-15);
    g_assert_cmpfloat_with_epsilon(test.p, a_b, 1e-15);
    g_assert_cmpfloat_with_epsilon(cp_student_test(b, G_N_ELEMENTS(b), a, G_N_ELEMENTS(a)).p, test.p, 1e-15);
}

/* Groups that say nothing, and groups without any variance. */
static void
test_degenerate(void)
{
    static const double one[] = { 5 }, other[] = { 7, 8 }, same[] = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 };
    g_assert_cmpfloat(cp_student_test(one, 1, other, 1).p, ==, 1);
    g_assert_cmpfloat(cp_student_test(same, 3, same, 7).p, ==, 1);
    g_assert_cmpfloat(cp_student_test(one, 1, same, 7).p, ==, 0);
    g_assert_cmpfloat_with_epsilon(cp_student_test(one, 1, other, 2).p, one_two, 1e-14);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/student/tails", test_tails);
    g_test_add_func("/student/groups", test_groups);
    g_test_add_func("/student/degenerate", test_degenerate);
    return g_test_run();
}
