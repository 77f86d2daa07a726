/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a process ends that must not run exit(). */
#pragma once

#include <glib.h>

/** The exit status of a process that would have ended well, but has lost memory. Only builds with AddressSanitizer look. */
#define CP_PROCESS_END_LEAK 23

/**
 * Ends this process as _exit() does. Instrumented builds would tell nothing about such a process, so they do their last
 * work here: with AddressSanitizer, lost memory is reported on standard error, and makes the status CP_PROCESS_END_LEAK
 * if it is 0; for coverage, the counts are saved. Use it in place of _exit() everywhere.
 */
G_NORETURN void cp_process_end(int status);
