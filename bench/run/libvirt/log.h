/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process under test prints on standard error: a pipe, and the end of what came out of it. Used in the sandbox's init. */
#pragma once

#include <glib.h>

typedef struct {
    int fd;                                                          /* to be read; -1 if there is no pipe */
    GString *text;                                                   /* the end of what was printed */
    void (*on_line)(const char *line, gint64 now_ns, gpointer data); /* called with each line; or NULL */
    gpointer on_line_data;
} CpLog;

/** Prepares a log without a pipe. */
void cp_log_init(CpLog *log);

/** Closes the pipe and frees the text. */
void cp_log_clear(CpLog *log);

/** Makes a new pipe and forgets the text. Returns the end to write to, which the caller closes; or -1 with errno set. */
int cp_log_open(CpLog *log);

/** Closes the pipe, if there is one. The text stays. */
void cp_log_close(CpLog *log);

/** Takes what has been printed since. Never blocks. */
void cp_log_take(CpLog *log);

/** Returns " (LINE)" with the last line, which often says why a process died, or "" if there is none. The caller owns it. */
char *cp_log_last_words(const CpLog *log);
