/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* gnuplot, which draws plots. */
#include "show/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

/* Far more than it ever needs. */
#define SECONDS 60

/* In the new process: the alarm stays when it becomes gnuplot, and ends it. */
static void
limit_time(gpointer data G_GNUC_UNUSED)
{
    alarm(SECONDS);
}

/* Copies what gnuplot prints: it says nothing if its own output is lost. */
static void
copy(int from, FILE *out)
{
    char part[4096];
    ssize_t n;
    while ((n = read(from, part, sizeof(part))) > 0 || (n < 0 && errno == EINTR))
        fwrite(part, 1, MAX(n, 0), out);
    fflush(out);
    close(from);
}

gboolean
cp_gnuplot_run(FILE *script, FILE *out, GError **error)
{
    const char *const argv[] = { "gnuplot", "--default-settings", NULL };
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C.UTF-8", TRUE);
    g_autoptr(GError) cause = NULL;
    GPid pid;
    int status, ends[2];
    if (fflush(script) != 0 || lseek(fileno(script), 0, SEEK_SET) != 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot write the script for gnuplot");
    if (!g_unix_open_pipe(ends, FD_CLOEXEC, error))
        return FALSE;
    gboolean runs =
        g_spawn_async_with_fds(NULL, (GStrv)argv, environment, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                               limit_time, NULL, &pid, fileno(script), ends[1], -1, &cause);
    close(ends[1]);
    if (!runs) {
        close(ends[0]);
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "gnuplot cannot be run, which draws plots: %s",
                    cause->message);
        return FALSE;
    }
    copy(ends[0], out);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (status == 0)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_FAILED, "gnuplot failed (wait status %d)", status);
    return FALSE;
}
