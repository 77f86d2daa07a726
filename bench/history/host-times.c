/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a live host shows of the files by whose times libvirt decides. */
#include "history/host-times.h"

void
cp_host_times_free(CpHostTimes *times)
{
    if (!times)
        return;
    g_free(times->directory.path);
    g_free(times->newest.path);
    g_free(times->emulator.path);
    g_free(times->driver.path);
    g_free(times->cache.path);
    g_free(times->cached);
    g_free(times->cached_problem);
    g_free(times);
}

static gboolean
is_same(const CpFileTimes *a, const CpFileTimes *b)
{
    return g_strcmp0(a->path, b->path) == 0 && a->exists == b->exists && a->mtime_ns == b->mtime_ns &&
           a->ctime_ns == b->ctime_ns;
}

gboolean
cp_host_times_equal(const CpHostTimes *a, const CpHostTimes *b)
{
    return is_same(&a->directory, &b->directory) && is_same(&a->newest, &b->newest) &&
           is_same(&a->emulator, &b->emulator) && is_same(&a->driver, &b->driver);
}
