/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A target that fails in the ways that its input names. For the tests of triage. */

#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/property.h"
#include "driver/target.h"

static volatile int value;

static void __attribute__((noinline)) read_freed(void)
{
    volatile int *block = malloc(sizeof(int));

    *block = 7;
    free((void *)block);
    value = *block;
}

static void __attribute__((noinline)) free_early(void)
{
    read_freed();
    value++;
}

static void __attribute__((noinline)) free_here(void)
{
    free_early();
    value++;
}

static void __attribute__((noinline)) free_there(void)
{
    free_early();
    value--;
}

static void __attribute__((noinline)) lose(void)
{
    char *volatile block = g_malloc(100);

    block = NULL;
    value += block != NULL;
}

static void __attribute__((noinline)) overflow(void)
{
    volatile int largest = G_MAXINT;

    value = largest + 1;
}

static void __attribute__((noinline)) take_all(void)
{
    char *volatile block = malloc(G_MAXINT64 / 2);

    value = block[7];
}

static void __attribute__((noinline)) hang(void)
{
    for (;;)
        pause();
}

static void __attribute__((noinline)) break_property(size_t size)
{
    cp_property_broken("%zu bytes are too many for \"%zu\"", size, size);
}

/* Compares two texts of 100 lines: line 50 has been changed, line 52 removed, and lines 70 to 99 have been replaced. `id` is
 * the known defect that explains it, or NULL. */
static void __attribute__((noinline)) compare_texts(const char *id)
{
    g_autoptr(GString) before = g_string_new(NULL);
    g_autoptr(GString) after = g_string_new(NULL);

    for (guint i = 1; i <= 100; i++) {
        g_string_append_printf(before, "line %u\n", i);
        if (i == 50)
            g_string_append(after, "line 50\twith \x1b[31mcolour\n");
        else if (i >= 70 && i < 100)
            g_string_append_printf(after, "new %u\n", i);
        else if (i != 52)
            g_string_append_printf(after, "line %u\n", i);
    }
    cp_property_differs(id, "lines", before->str, after->str);
}

/* Crashes in every other process. */
static void
come_and_go(void)
{
    static gboolean asked;

    if (!asked && unlink("crashed") < 0) {
        close(creat("crashed", 0600));
        abort();
    }
    asked = TRUE;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);

    if (strstr(text, "free-here"))
        free_here();
    if (strstr(text, "free-there"))
        free_there();
    if (strstr(text, "leak"))
        lose();
    if (strstr(text, "overflow"))
        overflow();
    if (strstr(text, "memory"))
        take_all();
    if (strstr(text, "hang"))
        hang();
    if (strstr(text, "property"))
        break_property(size);
    if (strstr(text, "known"))
        cp_property_known("some-defect", NULL);
    if (strstr(text, "unequal"))
        compare_texts(strstr(text, "known") ? "some-defect" : NULL);
    if (strstr(text, "seldom"))
        come_and_go();
    return 0;
}

int
LLVMFuzzerInitialize(int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
    return 0;
}
