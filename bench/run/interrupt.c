/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals that interrupt a run. Runs in the caller. */
#include "run/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"

static volatile sig_atomic_t interrupted;
static int interrupted_fd = -1; /* readable once `interrupted` is set */

static void
note_signal(int number G_GNUC_UNUSED)
{
    int saved = errno;
    guint64 one = 1;
    interrupted = TRUE;
    ssize_t written G_GNUC_UNUSED = write(interrupted_fd, &one, sizeof(one));
    errno = saved;
}

/* Without SA_RESTART, so that a signal also ends a write to a terminal that nobody reads. */
gboolean
cp_interrupt_begin(GError **error)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

    if (interrupted_fd < 0)
        interrupted_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (interrupted_fd < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "cannot make a descriptor for signals");
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        struct sigaction action = { .sa_handler = note_signal }, before;
        sigaction(numbers[i], NULL, &before);
        if (numbers[i] != SIGHUP || before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    return TRUE;
}

gboolean
cp_interrupted(void)
{
    return interrupted;
}

int
cp_interrupt_fd(void)
{
    return interrupted_fd;
}
