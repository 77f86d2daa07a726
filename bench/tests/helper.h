/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Helpers for all unit tests: errors, output in memory, scratch folders. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/** Asserts that `error` has this code and that its message begins with `expected`; clears it. */
static inline void
assert_error(GError **error, CpError code, const char *expected)
{
    g_assert_error(*error, CP_ERROR, (int)code);
    g_autofree char *begin = g_strndup((*error)->message, strlen(expected));
    g_assert_cmpstr(begin, ==, expected);
    g_clear_error(error);
}

/** The same for CP_ERROR_USAGE, with which bad input is refused. */
static inline void
assert_refused(GError **error, const char *expected)
{
    assert_error(error, CP_ERROR_USAGE, expected);
}

/** Returns `text` with double quotes for its backticks, so that tests can write JSON without escapes. The caller owns
 * it. */
static inline char *
unquote(const char *text)
{
    return g_strdelimit(g_strdup(text), "`", '"');
}

/** A stream that writes to memory, see memory_begin(). */
typedef struct {
    FILE *stream;
    char *text;
    size_t size;
} Memory;

/** Opens the stream, and returns it. */
static inline FILE *
memory_begin(Memory *memory)
{
    memory->stream = open_memstream(&memory->text, &memory->size);
    g_assert_nonnull(memory->stream);
    return memory->stream;
}

/** Closes the stream, and asserts that `expected` was printed to it. */
static inline void
memory_end(Memory *memory, const char *expected)
{
    fclose(memory->stream);
    g_assert_cmpstr(memory->text, ==, expected);
    free(memory->text);
}

/** Makes a scratch folder for a test. The caller owns its path. */
static inline char *
folder_begin(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("capprobe-test-XXXXXX", &error);
    g_assert_no_error(error);
    return folder;
}

/** Returns the names in `folder`, sorted, with blanks between them. The caller owns the text. */
static inline char *
folder_list(const char *folder)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, cp_text_compare);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (GStrv)names->pdata);
}

/** Writes `text` to the file `name` in `folder`. The caller owns the path that is returned. */
static inline char *
folder_write(const char *folder, const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

/** Removes `folder` and the files in it. */
static inline void
folder_end(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_assert_cmpint(remove(path), ==, 0);
    }
    g_assert_cmpint(remove(folder), ==, 0);
}
