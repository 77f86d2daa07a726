/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz targets: programs that `scripts/fuzz` builds, run with one input in a sandbox of their own. Runs in the caller. */
#pragma once

#include <glib.h>

#include "catalogue/bug.h"

/** What became of a run. */
typedef enum {
    CP_FUZZ_SHOWS,  /* the defect showed */
    CP_FUZZ_ABSENT, /* it did not, and nothing else was wrong */
    CP_FUZZ_OTHER,  /* something else was wrong */
} CpFuzzOutcome;

/**
 * Runs the fuzz target `program`, which contains capprobe's replay driver, once with the input of `bug`. Nothing of the
 * host can be changed, and after `deadline_ns` all is killed. What the program prints is appended to `said`.
 * CP_ERROR_UNTESTABLE if the sandbox cannot be made or the deadline has passed.
 */
gboolean cp_fuzz_target_run(
    const char *program, const CpBug *bug, gint64 deadline_ns, CpFuzzOutcome *outcome, GString *said, GError **error);
