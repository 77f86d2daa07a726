/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts how often an emulator is started. Runs in the sandbox's init. */
#include "run/sandbox/start-counter.h"

#include <fcntl.h>
#include <sys/fanotify.h>
#include <unistd.h>

/* How much is read from the kernel at once, in bytes. */
#define CHUNK 4096

void
cp_start_counter_begin(CpStartCounter *counter)
{
    int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_CLOEXEC);
    *counter = (CpStartCounter){ .fd = fd, .privileged = fd >= 0 };
    /* What other users may use: events without descriptors and processes. */
    if (fd < 0)
        counter->fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_FID, O_RDONLY);
}

void
cp_start_counter_watch_only(CpStartCounter *counter, const char *emulator)
{
    if (counter->fd >= 0)
        fanotify_mark(counter->fd, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL);
    cp_start_counter_watch_also(counter, emulator);
}

void
cp_start_counter_watch_also(CpStartCounter *counter, const char *emulator)
{
    counter->watching =
        counter->fd >= 0 && fanotify_mark(counter->fd, FAN_MARK_ADD, FAN_OPEN_EXEC, AT_FDCWD, emulator) == 0;
}

void
cp_start_counter_update(CpStartCounter *counter)
{
    char buffer[CHUNK] __attribute__((aligned(__alignof__(struct fanotify_event_metadata))));
    for (ssize_t n; counter->fd >= 0 && (n = read(counter->fd, buffer, sizeof(buffer))) > 0;) {
        const struct fanotify_event_metadata *event = (const struct fanotify_event_metadata *)buffer;
        for (; FAN_EVENT_OK(event, n); event = FAN_EVENT_NEXT(event, n)) {
            /* A process outside the sandbox has no PID here: the real host can start the same file. */
            counter->starts += event->pid != 0 || !counter->privileged;
            if (event->fd >= 0)
                close(event->fd);
        }
    }
}

void
cp_start_counter_end(CpStartCounter *counter)
{
    if (counter->fd >= 0)
        close(counter->fd);
    counter->fd = -1;
}
