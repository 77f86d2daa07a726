/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands on the private host: the operations `run` and `run!`, and what other operations carry out. Run in the sandbox's init. */
#include "run/host/run-command.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/duration.h"
#include "base/error.h"
#include "base/text.h"
#include "run/host/changes.h"
#include "run/host/module-directory.h"
#include "run/host/operation-functions.h"
#include "run/sandbox/sandbox.h"

/* How many of the last lines that a command prints go into a message. */
#define LINES_SHOWN 3

/* How far the clock from which the kernel takes the times of files can lag behind. */
#define KERNEL_LAG_US 20000

GStrv
cp_host_command_environment(const CpHost *host, const char *const *variables)
{
    GStrv env = g_new0(char *, 1);
    env = g_environ_setenv(env, "PATH", CP_SANDBOX_PATH, TRUE);
    env = g_environ_setenv(env, "LC_ALL", "C", TRUE);
    env = g_environ_setenv(env, "CAPPROBE_MODULES", host->module_dir, TRUE);
    env = g_environ_setenv(env, "CAPPROBE_EMULATOR", host->emulator, TRUE);
    env = g_environ_setenv(env, "CAPPROBE_CACHE", host->cache_dir, TRUE);
    for (; variables && *variables; variables += 2)
        env = g_environ_setenv(env, variables[0], variables[1], TRUE);
    return cp_sandbox_environment(env);
}

/* Returns the last lines that the command printed, as ": LINE; LINE"; empty if there are none. */
static char *
last_lines(const CpSupervisedEnd *end)
{
    g_autofree char *text = g_utf8_make_valid(end->said, end->said_size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) shown = g_string_new(NULL);
    guint n = 0;
    for (guint i = g_strv_length(lines); i > 0 && n < LINES_SHOWN; i--) {
        g_autofree char *line = cp_text_printable(g_strstrip(lines[i - 1]));
        if (*line) {
            g_string_prepend(shown, line);
            g_string_prepend(shown, "; ");
            n++;
        }
    }
    if (n > 0)
        shown->str[0] = ':';
    return g_string_free(g_steal_pointer(&shown), FALSE);
}

/* Returns whether the command did what it should. If not, says what became of it. */
static gboolean
check_end(const CpHost *host, const char *command, gboolean anyway, const CpSupervisedEnd *end, GError **error)
{

    g_autofree char *said = last_lines(end);
    if (end->late) {
        g_autofree char *limit = cp_duration_format(host->limit_ns);
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s did not end within %s%s", command, limit, said);
        return FALSE;
    }
    if (end->status == 0 || anyway)
        return TRUE;
    if (WIFSIGNALED(end->status))
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s was killed by signal %d (%s)%s", command,
                    WTERMSIG(end->status), strsignal(WTERMSIG(end->status)), said);
    else
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "%s ended with status %d%s", command,
                    WEXITSTATUS(end->status), said);
    return FALSE;
}

void
cp_host_keep_time(CpHost *host, gint64 begin_us)
{
    struct stat st;
    gint64 first_us = begin_us - KERNEL_LAG_US;
    gint64 mtime_us =
        stat(host->module_dir, &st) < 0 ? 0 : st.st_mtim.tv_sec * G_USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
    if (mtime_us < first_us || mtime_us > g_get_real_time())
        cp_module_dir_note(host);
}

static void
wait_and_reap(gpointer data, gint64 until_ns, int fd)
{
    cp_reaper_poll(data, until_ns, fd);
}

gboolean
cp_host_run_command(
    CpHost *host, const char *name, char **argv, const char *const *variables, gboolean anyway, GError **error)
{
    g_auto(GStrv) env = cp_host_command_environment(host, variables);
    CpSupervisedSpec spec = {
        .argv = argv,
        .env = env,
        .limit_ns = host->limit_ns,
        .reaper = host->reaper,
        .wait = host->wait ? host->wait : wait_and_reap,
        .wait_data = host->wait ? host->wait_data : host->reaper,
    };
    g_autoptr(CpSupervisedEnd) end = cp_supervised_run(&spec, error);
    cp_changes_note_command(host);
    if (end && end->exec_errno)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, end->exec_errno, "%s: cannot be executed", argv[0]);
    return end && check_end(host, name, anyway, end, error);
}

static gboolean
run(CpHost *host, const CpStep *step, gboolean anyway, GError **error)
{
    gint64 begin_us = g_get_real_time();
    if (!cp_host_run_command(host, step->args[0], step->args, NULL, anyway, error))
        return FALSE;
    cp_host_keep_time(host, begin_us);
    return TRUE;
}

gboolean
cp_operate_RUN(CpHost *host, const CpStep *step, GError **error)
{
    return run(host, step, FALSE, error);
}

gboolean
cp_operate_RUN_ANYWAY(CpHost *host, const CpStep *step, GError **error)
{
    return run(host, step, TRUE, error);
}
