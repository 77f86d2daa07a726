/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A file that appears whole or not at all: nothing of it has a name until it is written and synced.
 */
#pragma once

#include <stdio.h>
#include <glib.h>

typedef struct _CpOutput CpOutput;

/**
 * Begins to write what will be `path`. The folder must exist; an earlier file of that name stays as it is until the
 * commit.
 */
CpOutput *cp_output_begin(const char *path, GError **error);

/** Whether `path` can be begun, so that a long run need not end in vain. NULL can: nothing will be written. */
gboolean cp_output_check(const char *path, GError **error);

/** Where to write. Owned by `output`. */
FILE *cp_output_stream(CpOutput *output);

/** Syncs what was written and gives it its name. `output` is freed in any case; on failure nothing is left behind. */
gboolean cp_output_commit(CpOutput *output, GError **error);

/** Forgets what was written. NULL does nothing. */
void cp_output_discard(CpOutput *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpOutput, cp_output_discard)
