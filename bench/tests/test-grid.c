/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of show/grid.h. */
#include "show/grid.h"

#include "helper.h"

static void
test_print(void)
{
    static const char *const heads[] = { "<left", "right", "<last", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    Memory memory = { 0 };

    cp_grid_add(grid, "%s-%d", "a", 1);
    cp_grid_take(grid, g_strdup("85 µs"));
    cp_grid_add(grid, "%s", "");
    cp_grid_add(grid, "%s", "longest");
    cp_grid_add(grid, "%s", "1234567");
    cp_grid_add(grid, "%s", "z");
    cp_grid_print(grid, memory_begin(&memory));
    memory_end(&memory, "left       right  last\n"
                        "a-1        85 µs  \n"
                        "longest  1234567  z\n");
    cp_grid_free(NULL);
}

static void
test_empty(void)
{
    static const char *const heads[] = { "a", "<b", "c", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    Memory memory = { 0 };
    cp_grid_print(grid, memory_begin(&memory));
    memory_end(&memory, "a  b  c\n");
}

/* Control characters in a cell are written out, and counted in the width. */
static void
test_control(void)
{
    static const char *const heads[] = { "<a", "b", NULL };
    g_autoptr(CpGrid) grid = cp_grid_new(heads);
    Memory memory = { 0 };

    cp_grid_add(grid, "%s", "\x1b[2J\n");
    cp_grid_take(grid, g_strdup("\xff\r"));
    cp_grid_print(grid, memory_begin(&memory));
    memory_end(&memory, "a                      b\n"
                        "\\u001b[2J\\u000a  \xef\xbf\xbd\\u000d\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grid/print", test_print);
    g_test_add_func("/grid/empty", test_empty);
    g_test_add_func("/grid/control", test_control);
    return g_test_run();
}
