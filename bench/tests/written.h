/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of base/output.h share. */
#pragma once

#include "base/output.h"

#include "helper.h"

static inline void
assert_holds(const char *path, const char *expected)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
}

static inline CpOutput *
begin(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    CpOutput *output = cp_output_begin(path, &error);
    g_assert_no_error(error);
    g_assert_nonnull(output);
    fputs(text, cp_output_stream(output));
    fflush(cp_output_stream(output));
    return output;
}

static inline void
write_out(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    CpOutput *output = begin(path, text);
    g_assert_true(cp_output_commit(output, &error));
    g_assert_no_error(error);
}

static inline void
assert_lists(const char *folder, const char *expected)
{
    g_autofree char *names = folder_list(folder);
    g_assert_cmpstr(names, ==, expected);
}
