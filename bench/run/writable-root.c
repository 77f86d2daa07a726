/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether scenarios can change the whole root file system. The init's part and the caller's part are marked so. */
#include "run/writable-root.h"

#include <sys/wait.h>

#include "base/process-end.h"
#include "run/sandbox/private-files.h"
#include "run/sandbox/sandbox.h"

/* --- in the init --- */

static void
try_root(gpointer unused G_GNUC_UNUSED)
{
    cp_process_end(cp_private_is_changeable("/etc/any-file") ? 0 : 1);
}

/* --- in the caller --- */

char *
cp_writable_root_refusal(const char *tree)
{
    g_autoptr(GError) error = NULL;
    CpSandboxSpec sandbox = { .tree = tree, .changeable = TRUE };
    int status = 0;

    if (geteuid() != 0)
        return g_strdup("not root, so only modules and emulator can be changed");
    pid_t pid = cp_sandbox_spawn(&sandbox, try_root, NULL, &error);
    if (pid < 0)
        return g_strdup(error->message);
    TEMP_FAILURE_RETRY(waitpid(pid, &status, 0));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? NULL
               : g_strdup("the kernel allows no overlay over the root file system, so only modules and emulator can be "
                          "changed");
}
