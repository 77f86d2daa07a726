/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a live host by whose times libvirt decides whether its cache is still valid, with these times. */
#pragma once

#include <glib.h>

/** A file or folder. Times are in ns since 1970. */
typedef struct {
    char *path; /* NULL if there is none */
    gboolean exists;
    gint64 mtime_ns, ctime_ns;
} CpFileTimes;

/** All that is looked at. It owns its strings. */
typedef struct {
    CpFileTimes directory;           /* the module directory that libvirt watches */
    gboolean directory_is_read_only; /* its file system is */
    CpFileTimes newest;              /* the module in it that changed last, by its ctime */
    CpFileTimes emulator;            /* links followed */
    gboolean emulator_is_script;
    CpFileTimes driver;   /* libvirt's QEMU driver, by whose ctime libvirt knows whether it was itself replaced */
    CpFileTimes cache;    /* the file in which libvirt keeps what it knows of the emulator */
    char *cached;         /* the content of that file; NULL if it cannot be read */
    char *cached_problem; /* then: why */
} CpHostTimes;

void cp_host_times_free(CpHostTimes *times);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpHostTimes, cp_host_times_free)

/** Returns whether all that truths depend on, which is not the cache, has the same times in both. */
gboolean cp_host_times_equal(const CpHostTimes *a, const CpHostTimes *b);
