/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of clone()'s arguments, on this machine or on one that -DPRETEND_S390X or -DPRETEND_CRIS names. Nothing is cloned. */
#include <glib.h>
#include <sys/syscall.h>
#include <unistd.h>

static long taken[6];

static long
take_arguments(long number, unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e)
{
    const unsigned long arguments[] = { number, a, b, c, d, e };
    for (gsize i = 0; i < G_N_ELEMENTS(arguments); i++)
        taken[i] = arguments[i];
    return 7;
}

#if defined(PRETEND_S390X)
#define __s390x__ 1
#elif defined(PRETEND_CRIS)
#define __cris__ 1
#endif
#if defined(__s390__) || defined(__s390x__) || defined(__cris__)
#define STACK_FIRST TRUE
#else
#define STACK_FIRST FALSE
#endif

#define syscall take_arguments
#include "run/sandbox/raw-clone.h"

static void
test_order(void)
{
    g_assert_cmpint(cp_raw_clone(0x1234), ==, 7);
    g_assert_cmpint(taken[0], ==, SYS_clone);
    g_assert_cmphex(taken[1], ==, STACK_FIRST ? 0 : 0x1234);
    g_assert_cmphex(taken[2], ==, STACK_FIRST ? 0x1234 : 0);
    for (gsize i = 3; i < G_N_ELEMENTS(taken); i++)
        g_assert_cmpint(taken[i], ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/raw-clone/order", test_order);
    return g_test_run();
}
