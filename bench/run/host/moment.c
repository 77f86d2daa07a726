/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moments: whether anything was changed on the private host. Run in the sandbox's init. */
#include "run/host/moment.h"

#include <stdint.h>
#include <time.h>

#include "base/duration.h"
#include "run/host/changes.h"
#include "run/sandbox/sandbox.h"

/* What every package has, but no program that matters here reads. */
static const char *const unread[] = { "/usr/share/bug",     "/usr/share/doc", "/usr/share/info",
                                      "/usr/share/lintian", "/usr/share/man", NULL };

static gboolean
is_left_out(const char *path)
{
    return g_strv_contains(unread, path) || cp_changes_are_ignored(path);
}

static void
add(GChecksum *sum, const char *path, const struct stat *st)
{
    /* Marks of what was removed may be one file with many names, whose times say nothing. */
    g_autofree char *line =
        cp_changes_is_removal(st)
            ? g_strdup("is removed")
            : g_strdup_printf("%o %ju %u %u %jd %jd.%09ld %jd.%09ld", st->st_mode, (uintmax_t)st->st_ino, st->st_uid,
                              st->st_gid, (intmax_t)st->st_size, (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
                              (intmax_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
    g_checksum_update(sum, (const guchar *)path, strlen(path) + 1);
    g_checksum_update(sum, (const guchar *)line, strlen(line) + 1);
}

/* Adds what `path`, a path in the root file system, is in the upper layer, and all below it. */
static void
add_all(GChecksum *sum, const char *path)
{
    g_autofree char *upper = g_strconcat(CP_SANDBOX_UPPER, path, NULL);
    struct stat st;
    if (is_left_out(path) || lstat(upper, &st) < 0)
        return;
    add(sum, path, &st);
    g_auto(GStrv) names = S_ISDIR(st.st_mode) ? cp_host_list(upper) : NULL;
    for (char **name = names; name && *name; name++) {
        g_autofree char *below = g_strconcat(path, "/", *name, NULL);
        add_all(sum, below);
    }
}

/* Adds the file that `path` leads to, which may be where nothing else is looked at. */
static void
add_target(GChecksum *sum, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        add(sum, path, &st);
}

char *
cp_moment_digest(const CpHost *host)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    struct stat kvm = { 0 };
    g_checksum_update(sum, (const guchar *)host->query, strlen(host->query) + 1);
    add_all(sum, "");
    add_target(sum, host->emulator);
    g_auto(GStrv) modules = cp_host_list(host->module_dir);
    for (char **name = modules; name && *name; name++) {
        g_autofree char *path = g_build_filename(host->module_dir, *name, NULL);
        add_target(sum, path);
    }
    if (lstat("/dev/kvm", &kvm) == 0)
        add(sum, "/dev/kvm", &kvm);
    return g_strdup(g_checksum_get_string(sum));
}

void
cp_moment_await_tick(const CpHost *host, const struct timespec *before)
{
    struct timespec now;
    while (clock_gettime(CLOCK_REALTIME_COARSE, &now), now.tv_sec == before->tv_sec && now.tv_nsec == before->tv_nsec)
        cp_reaper_poll(host->reaper, cp_now_ns() + CP_NS_PER_MS, -1);
}
