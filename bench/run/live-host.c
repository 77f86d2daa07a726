/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live host, which is only looked at. Runs in the caller. */
#include "run/live-host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/error.h"
#include "run/first-line.h"
#include "run/host/cached-document.h"
#include "run/sandbox/sandbox.h"

static gint64
time_ns(const struct timespec *time)
{
    return time->tv_sec * CP_NS_PER_S + time->tv_nsec;
}

/* Takes `path`. */
static CpFileTimes
times_of(char *path)
{
    struct stat st;
    CpFileTimes times = { .path = path };
    if (!path || stat(path, &st) < 0)
        return times;
    times.exists = TRUE;
    times.mtime_ns = time_ns(&st.st_mtim);
    times.ctime_ns = time_ns(&st.st_ctim);
    return times;
}

/* Returns the one of the two that changed last, and frees the other's path. */
static CpFileTimes
newer(CpFileTimes a, CpFileTimes b)
{
    gboolean first = !b.exists || (a.exists && a.ctime_ns >= b.ctime_ns);
    g_free(first ? b.path : a.path);
    return first ? a : b;
}

static CpFileTimes
find_newest(const char *directory)
{
    CpFileTimes newest = { 0 };
    g_autoptr(GDir) dir = directory ? g_dir_open(directory, 0, NULL) : NULL;
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (g_str_has_suffix(name, ".so"))
            newest = newer(newest, times_of(g_build_filename(directory, name, NULL)));
    }
    return newest;
}

static gboolean
is_script(const char *path)
{
    char begin[2] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean script = fd >= 0 && read(fd, begin, sizeof(begin)) == sizeof(begin) && memcmp(begin, "#!", 2) == 0;
    if (fd >= 0)
        close(fd);
    return script;
}

static gboolean
is_on_read_only(const char *path)
{
    struct statvfs st;
    return path && statvfs(path, &st) == 0 && (st.f_flag & ST_RDONLY);
}

CpHostTimes *
cp_live_host_look(const CpFound *found, const char *cache, const char *emulator)
{
    CpHostTimes *times = g_new0(CpHostTimes, 1);
    g_autoptr(GError) problem = NULL;
    times->directory = times_of(g_strdup(found->libvirt_module_dir));
    times->directory_is_read_only = is_on_read_only(found->libvirt_module_dir);
    times->newest = find_newest(found->libvirt_module_dir);
    times->emulator = times_of(g_strdup(emulator));
    times->emulator_is_script = is_script(emulator);
    times->driver = times_of(g_strdup(found->driver));
    times->cache = times_of(cp_cached_document_path(cache, emulator));
    if (!g_file_get_contents(times->cache.path, &times->cached, NULL, &problem))
        times->cached_problem = g_strdup(problem->message);
    return times;
}

char *
cp_live_host_document(const CpHostTimes *times)
{
    return times->cached ? cp_cached_document_canonical(times->cached, strlen(times->cached)) : NULL;
}

void
cp_live_host_find_missing_library(const char *directory, char **module, char **library)
{
    /* Prints the first module whose libraries the loader does not find, and the library. */
    static const char script[] = "cd \"$1\" && for module in *.so; do"
                                 " library=$(ldd \"./$module\" 2>/dev/null | sed -n 's/^[[:space:]]*\\([^ ]*\\) => not "
                                 "found.*/\\1/p' | head -n 1)\n"
                                 " [ -z \"$library\" ] || { echo \"$module $library\" && exit; }\ndone";
    char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)script, (char *)"sh", (char *)directory, NULL };
    char *env[] = { (char *)"PATH=" CP_SANDBOX_PATH, (char *)"LC_ALL=C", NULL };
    const CpFirstLineSpec question = { .argv = argv, .env = env, .deadline_ns = CP_FIRST_LINE_DEADLINE_NS };
    g_autofree char *reason = NULL;
    g_autofree char *line = cp_first_line(&question, &reason, NULL);
    char *blank = line ? strchr(line, ' ') : NULL;
    *module = blank ? g_strndup(line, blank - line) : NULL;
    *library = blank ? g_strdup(blank + 1) : NULL;
}
