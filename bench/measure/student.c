/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Student's t test. */
#include "measure/student.h"

#include <math.h>

double
cp_student_two_sided(double t, guint df)
{
    if (isinf(t))
        return 0;
    double angle = atan(fabs(t) / sqrt(df)), cosine = cos(angle), square = df / (df + t * t);
    gboolean odd = df % 2 == 1;
    double term = odd ? cosine : 1, sum = df == 1 ? 0 : term;
    for (guint k = odd ? 3 : 2; k + 2 <= df; k += 2) {
        term *= square * (k - 1) / k;
        sum += term;
    }
    double inside = sin(angle) * sum;
    return MAX(0, 1 - (odd ? (angle + inside) / G_PI_2 : inside));
}

/* Sums up differences from `origin`, which is about as large as the values: without rounding if all are equal to it. */
static double
mean_of(const double *values, gsize n, double origin)
{
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += values[i] - origin;
    return origin + sum / n;
}

static double
variance_of(const double *values, gsize n, double mean)
{
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum / n;
}

CpStudentTest
cp_student_test(const double *a, gsize n, const double *b, gsize m)
{
    CpStudentTest test = { .mean_a = mean_of(a, n, a[0]), .mean_b = mean_of(b, m, a[0]), .p = 1 };
    if (n + m == 2 || test.mean_a == test.mean_b)
        return test;
    double pooled =
        ((n - 1) * variance_of(a, n, test.mean_a) + (m - 1) * variance_of(b, m, test.mean_b)) / (double)(n + m - 2);
    test.p = cp_student_two_sided((test.mean_a - test.mean_b) / sqrt(pooled * (1.0 / n + 1.0 / m)), n + m - 2);
    return test;
}
