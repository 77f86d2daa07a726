/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process under test prints on standard error. Runs in the sandbox's init. */
#include "run/libvirt/log.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* How much of the text is kept, and how much is read at once, in bytes. */
#define KEPT 4096
#define CHUNK 16384

void
cp_log_init(CpLog *log)
{
    *log = (CpLog){ .fd = -1, .text = g_string_new(NULL) };
}

void
cp_log_clear(CpLog *log)
{
    cp_log_close(log);
    g_string_free(log->text, TRUE);
}

int
cp_log_open(CpLog *log)
{
    int fds[2];
    cp_log_close(log);
    if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
        return -1;
    /* The process may wait when it writes; the init must not wait when it reads. */
    fcntl(fds[1], F_SETFL, 0);
    log->fd = fds[0];
    g_string_truncate(log->text, 0);
    return fds[1];
}

void
cp_log_close(CpLog *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
}

void
cp_log_take(CpLog *log)
{
    char buffer[CHUNK];
    for (ssize_t n; log->fd >= 0 && (n = read(log->fd, buffer, sizeof(buffer))) > 0;) {
        g_string_append_len(log->text, buffer, n);
        gint64 now_ns = cp_now_ns();
        for (char *end; log->on_line && (end = strchr(log->text->str, '\n'));) {
            *end = '\0';
            log->on_line(log->text->str, now_ns, log->on_line_data);
            g_string_erase(log->text, 0, end - log->text->str + 1);
        }
        if (!log->on_line && log->text->len > KEPT)
            g_string_erase(log->text, 0, log->text->len - KEPT);
    }
}

char *
cp_log_last_words(const CpLog *log)
{
    g_autofree char *text = g_strdup(log->text->str);
    const char *line = strrchr(g_strchomp(text), '\n');
    g_autofree char *valid = g_utf8_make_valid(line ? line + 1 : text, -1);
    return *valid ? g_strdup_printf(" (%s)", valid) : g_strdup("");
}
