/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of injected failures, on small documents: every allocation of libxml2, and a read at every byte, fails once. The
 * target itself checks the outcome; these tests check that the failures occur.
 */

#include <glib.h>
#include <string.h>

#include "driver/fault.h"
#include "driver/property.h"
#include "driver/target.h"
#include "known/known.h"

static const char document[] = "<qemuCaps>"
                               "<emulator>/usr/bin/qemu-system-x86_64</emulator>"
                               "<qemuctime>1</qemuctime><selfctime>1</selfctime><selfvers>1</selfvers>"
                               "<flag name='sdl'/><version>7002000</version><kvmVersion>0</kvmVersion>"
                               "<microcodeVersion>1</microcodeVersion><package>v</package><arch>x86_64</arch>"
                               "<cpu type='tcg' name='qemu64' usable='no'><blocker name='xop'/></cpu>"
                               "<machine type='tcg' name='pc' maxCpus='1' default='yes'/>"
                               "</qemuCaps>";

/* Runs the target with the failure number `number` of the kind `what`. Returns the failure that occurred; `defect` is the
 * known defect that was seen, or NULL. */
static CpFault
play(const char *text, const char *what, guint number, const char **defect)
{
    g_autofree char *input = g_strdup_printf("<?capprobe %s='%u'?>%s", what, number, text);

    LLVMFuzzerTestOneInput((const uint8_t *)input, strlen(input));
    *defect = cp_property_seen();
    return cp_fault_last();
}

static void
test_allocations(void)
{
    guint seen[CP_FAULT_QUERYING + 1] = { 0 };
    guint ignored = 0;
    const char *defect;
    CpFault fault;

    for (guint n = 1; (fault = play(document, "allocation", n, &defect)) != CP_FAULT_NONE; n++) {
        seen[fault]++;
        ignored += defect && strstr(defect, "allocation-failure-");
    }
    g_test_message("%u while parsing, %u while asking, %u of them ignored", seen[CP_FAULT_PARSING],
                   seen[CP_FAULT_QUERYING], ignored);
    g_assert_cmpuint(seen[CP_FAULT_PARSING], >, 0);
    g_assert_cmpuint(seen[CP_FAULT_QUERYING], >, 0);
    g_assert_cmpuint(ignored, >, 0);
    g_assert_cmpuint(ignored, <, seen[CP_FAULT_QUERYING]);
}

/* Here libxml2 must enlarge its input buffer, more than once. */
static void
test_growth(void)
{
    g_autofree char *name = g_strnfill(20000, 'p');
    g_autofree char *text = g_strdup_printf("<qemuCaps>%s<machine name='%s'/></qemuCaps>", document, name);
    const char *defect;
    guint avoided = 0;
    guint n;

    for (n = 1; play(text, "allocation", n, &defect) != CP_FAULT_NONE; n++) {
        avoided += g_strcmp0(defect, "input-growth-null") == 0;
        g_assert_true(!defect || strstr(defect, "allocation-failure-") == NULL);
    }
    g_assert_cmpuint(n, >, 1);
    g_assert_cmpuint(avoided > 0, ==, cp_known_has(CP_KNOWN_INPUT_GROWTH_NULL));
}

static void
test_reads(void)
{
    const char *defect;

    for (guint n = 0; n < strlen(document); n++) {
        g_assert_cmpint(play(document, "read", n, &defect), ==, CP_FAULT_READ);
        g_assert_cmpstr(defect, ==, NULL);
    }
    g_assert_cmpint(play(document, "read", 2 * strlen(document), &defect), ==, CP_FAULT_NONE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    LLVMFuzzerInitialize(&argc, &argv);
    g_test_add_func("/fault/allocations", test_allocations);
    g_test_add_func("/fault/growth", test_growth);
    g_test_add_func("/fault/reads", test_reads);
    return g_test_run();
}
