/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What package managers log while a command runs. Runs in the sandbox's init. */
#include "run/package-log.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 65536

/* Longer lines are not of a package manager. */
#define LINE_MAX_BYTES 1024

static const char *const files[] = { "/var/log/dpkg.log", "/var/log/dnf.rpm.log" };

struct _CpPackageLog {
    off_t read[G_N_ELEMENTS(files)];     /* up to where each is read */
    GString *begun[G_N_ELEMENTS(files)]; /* the begin of the next line of each */
    GPtrArray *lines;                    /* of char * */
};

CpPackageLog *
cp_package_log_new(void)
{
    CpPackageLog *log = g_new0(CpPackageLog, 1);
    log->lines = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        struct stat st;
        log->read[i] = stat(files[i], &st) == 0 ? st.st_size : 0;
        log->begun[i] = g_string_new(NULL);
    }
    return log;
}

void
cp_package_log_free(CpPackageLog *log)
{
    if (!log)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        g_string_free(log->begun[i], TRUE);
    g_ptr_array_unref(log->lines);
    g_free(log);
}

/* Takes the complete lines. */
static void
take_lines(CpPackageLog *log, GString *text)
{
    for (char *newline; (newline = memchr(text->str, '\n', text->len));) {
        gsize length = newline - text->str;
        if (length > 0 && length <= LINE_MAX_BYTES)
            g_ptr_array_add(log->lines, g_utf8_make_valid(text->str, length));
        g_string_erase(text, 0, length + 1);
    }
}

static void
read_file(CpPackageLog *log, gsize i)
{
    /* O_NONBLOCK: the command may have made anything of it. */
    int fd = open(files[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    if (fd < 0)
        return;
    gboolean regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    /* A shorter one was begun anew. */
    if (regular && st.st_size < log->read[i])
        log->read[i] = 0;
    g_autofree char *chunk = g_malloc(CHUNK);
    for (ssize_t n; regular && (n = pread(fd, chunk, CHUNK, log->read[i])) > 0; log->read[i] += n) {
        g_string_append_len(log->begun[i], chunk, n);
        take_lines(log, log->begun[i]);
    }
    close(fd);
}

void
cp_package_log_read(CpPackageLog *log)
{
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
        read_file(log, i);
}

GStrv
cp_package_log_take(CpPackageLog *log)
{
    if (log->lines->len == 0)
        return NULL;
    g_ptr_array_add(log->lines, NULL);
    GStrv lines = (GStrv)g_ptr_array_free(log->lines, FALSE);
    log->lines = g_ptr_array_new_with_free_func(g_free);
    return lines;
}
