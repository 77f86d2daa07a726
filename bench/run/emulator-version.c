/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks an emulator for its version, in a sandbox of its own. Runs in the caller. */
#include "run/emulator-version.h"

#include "run/first-line.h"
#include "run/sandbox/sandbox.h"

char *
cp_emulator_version(const char *tree, const char *emulator, gint64 deadline_ns, char **reason, GError **error)
{
    char *argv[] = { (char *)emulator, (char *)"--version", NULL };
    g_auto(GStrv) env = cp_sandbox_environment(g_get_environ());
    const char *const visible[] = { tree ? NULL : emulator, NULL };
    CpFirstLineSpec question = {
        .argv = argv, .env = env, .tree = tree, .visible = visible, .deadline_ns = deadline_ns
    };
    return cp_first_line(&question, reason, error);
}
