/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exports of defects: shell scripts that show one on a plain host, without capprobe. */
#pragma once

#include "catalogue/bug.h"
#include "scenario/scenario.h"

/**
 * Returns the script, which the caller owns. It is made of the scenario alone, and of the defect's `deadline`. If a step
 * cannot be exported, returns NULL with `error` set to "FILE:LINE:COLUMN: ..." and the reason (CP_ERROR_UNTESTABLE).
 *
 * A step can be exported if reproduce.sh or operations.sh has a function for its word: "op_" and the word.
 */
char *cp_export_script(const CpScenario *scenario, const CpBug *bug, GError **error);

/** Returns the script for a defect without a scenario, which the caller owns. `steps` is the content of the file `bug->steps`. */
char *cp_export_steps(const CpBug *bug, const char *steps);

/** A file that such a script needs beside itself. */
typedef struct {
    const char *name, *text;
} CpExportFile;

/** Returns these files; the last one has the name NULL. */
const CpExportFile *cp_export_files(void);

/** Returns the text of a report about the defect as Markdown, whose page is `page`. `script`: there is a script beside it;
 * else there is the input of a fuzz target, and the text says why. The caller owns it. */
char *cp_export_text(const CpBug *bug, const char *page, gboolean script);
