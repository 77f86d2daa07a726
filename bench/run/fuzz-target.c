/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz targets, run with one input in a sandbox of their own. Runs in the caller. */
#include "run/fuzz-target.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/temporary.h"
#include "run/command.h"

/* More than this of what a program prints is not kept, in bytes. */
#define SAID_MAX (256 * 1024)

/* Appends what was written to `file`, as valid UTF-8. */
static void
append_content(GString *said, FILE *file)
{
    g_autofree char *content = g_malloc(SAID_MAX);
    rewind(file);
    g_autofree char *valid = g_utf8_make_valid(content, fread(content, 1, SAID_MAX, file));
    g_string_append(said, valid);
}

/* Says what a run with this exit status, in which the program printed `said`, means. A target that was built with the engine of
 * a fuzzer takes no notice of the options, and does not say what it saw. */
static CpFuzzOutcome
judge(const CpBug *bug, int status, const char *said)
{
    g_autofree char *seen = g_strconcat(bug->input, ": ", NULL);
    if (status == 0 && !strstr(said, seen))
        return CP_FUZZ_OTHER;
    if (bug->crash)
        return status == 0 ? CP_FUZZ_ABSENT : strstr(said, bug->crash) ? CP_FUZZ_SHOWS : CP_FUZZ_OTHER;
    g_autofree char *absent = g_strdup_printf("does not show the known defect %s;", bug->id);
    return status == 0 ? CP_FUZZ_SHOWS : strstr(said, absent) ? CP_FUZZ_ABSENT : CP_FUZZ_OTHER;
}

gboolean
cp_fuzz_target_run(
    const char *program, const CpBug *bug, gint64 deadline_ns, CpFuzzOutcome *outcome, GString *said, GError **error)
{
    /* GLib has no frame pointers: otherwise the stack of a leak ends in GLib. */
    g_autofree char *expect = g_strconcat("--expect=", bug->id, NULL);
    const char *argv[] = { "/usr/bin/env", "ASAN_OPTIONS=fast_unwind_on_malloc=0", program,    "--runs=1",
                           "--show",       bug->crash ? "--provoke" : expect,      bug->input, NULL };
    const char *const visible[] = { program, bug->input, NULL };
    FILE *output = cp_temporary_open(error);
    if (!output)
        return FALSE;
    CpCommandSpec spec = {
        .argv = (char **)argv, .plain = TRUE, .visible = visible, .output = fileno(output), .deadline_ns = deadline_ns
    };
    int status;
    gboolean done = cp_command_run(&spec, &status, error);
    append_content(said, output);
    fclose(output);
    if (done)
        *outcome = judge(bug, status, said->str);
    return done;
}
