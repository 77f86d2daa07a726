/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Helpers for the tests of base/output.h. */
#pragma once

#include "base/output.h"

#include <sys/stat.h>

#include "helper.h"

/** Asserts that the file holds the text. */
static inline void
assert_holds(const char *path, const char *expected)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
}

/** Asserts that the folder holds files of these names, see folder_list(). */
static inline void
assert_lists(const char *folder, const char *expected)
{
    g_autofree char *names = folder_list(folder);
    g_assert_cmpstr(names, ==, expected);
}

/** Begins an output and writes the text, but does not complete it. */
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

/** Writes an output that holds the text. */
static inline void
write_out(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    CpOutput *output = begin(path, text);
    g_assert_true(cp_output_commit(output, &error));
    g_assert_no_error(error);
}

/** Returns the type of the file, such as S_IFLNK. */
static inline mode_t
kind_of(const char *path)
{
    struct stat status;
    g_assert_cmpint(lstat(path, &status), ==, 0);
    return status.st_mode & S_IFMT;
}
