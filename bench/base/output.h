/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Output files: a regular file appears whole or not at all, anything else is written to as it is. */
#pragma once

#include <stdio.h>

#include <glib.h>

typedef struct _CpOutput CpOutput;

/**
 * Begins to write the file `path`:
 *  - "-", or another name of the file that standard output writes to: standard output is used;
 *  - a regular file, or a name that does not exist yet: the text is collected in a temporary file, and
 *    cp_output_commit() gives that the name. Until then an earlier file stays as it is; its mode, owner and group are
 *    kept. If `path` is a symbolic link, the file it points to is replaced, not the link;
 *  - anything else (device, FIFO) and the links below /proc that stand for open files: opened and written to.
 *
 * Returns NULL with `error` set (CP_ERROR_USAGE) if that is not possible. The folder must exist.
 */
CpOutput *cp_output_begin(const char *path, GError **error);

/**
 * Checks that `path` can be written, so that a long run does not end in vain. A device or FIFO is not opened for the
 * check. NULL stands for no output and is fine.
 */
gboolean cp_output_check(const char *path, GError **error);

/**
 * Refuses two outputs (CP_ERROR_USAGE) of which one would overwrite the other: `a` and `b` are the same file, also
 * by different names or through links. A character device such as /dev/null may be named twice. NULL stands for no
 * output and is fine.
 */
gboolean cp_output_check_distinct(const char *a, const char *b, GError **error);

/** Returns the stream to write to. Owned by `output`. */
FILE *cp_output_stream(CpOutput *output);

/**
 * Opens what was written as a stream to be read, which the caller closes; it is valid after the end of `output` as well.
 * NULL if that is not possible: it is not a regular file that this output has made.
 */
FILE *cp_output_reopen(CpOutput *output);

/**
 * Gives the output its name before it is complete, so that what was written stays whatever happens next. Flushes what
 * was written; later calls do only that. On failure (CP_ERROR_FAILED, naming the path) it has no name.
 */
gboolean cp_output_publish(CpOutput *output, GError **error);

/**
 * Completes the output: flushes it, and for a regular file syncs it and gives it its name. Frees `output` in any case.
 * On failure (CP_ERROR_FAILED, naming the path) no temporary file is left behind.
 */
gboolean cp_output_commit(CpOutput *output, GError **error);

/** Abandons the output; an earlier file stays as it is, and a published one as well. Does nothing for NULL. */
void cp_output_discard(CpOutput *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpOutput, cp_output_discard)

/**
 * Flushes standard output and reports if anything printed to it was lost (CP_ERROR_FAILED): the disk is full, or the
 * descriptor is closed. A reader that went away (as in `capprobe ops | head`) is not an error.
 */
gboolean cp_output_finish_stdout(GError **error);
