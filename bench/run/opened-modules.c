/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modules that emulators have opened since a read began. Runs in the sandbox's init. */
#include "run/opened-modules.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/error.h"

CpOpenedModules *
cp_opened_modules_new(const CpHost *host, GError **error)
{
    const char *const dirs[] = { host->module_dir, host->prepared_dir, host->away_dir };
    g_autoptr(CpOpenedModules) opened = g_new0(CpOpenedModules, 1);
    opened->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    opened->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (opened->fd < 0) {
        cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "inotify cannot be used");
        return NULL;
    }

    /* A watch is on the directory itself and follows it when it is renamed. */
    for (gsize i = 0; i < G_N_ELEMENTS(dirs); i++) {
        if (inotify_add_watch(opened->fd, dirs[i], IN_OPEN) < 0 && errno != ENOENT) {
            cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "%s: cannot be watched", dirs[i]);
            return NULL;
        }
    }
    return g_steal_pointer(&opened);
}

void
cp_opened_modules_free(CpOpenedModules *opened)
{
    if (!opened)
        return;
    if (opened->fd >= 0)
        close(opened->fd);
    g_hash_table_unref(opened->names);
    g_free(opened);
}

void
cp_opened_modules_update(CpOpenedModules *opened, const char *ignored)
{
    g_autofree char *ignored_name = ignored ? g_strconcat(ignored, ".so", NULL) : NULL;
    char buffer[8192] __attribute__((aligned(__alignof__(struct inotify_event))));

    for (ssize_t n; (n = read(opened->fd, buffer, sizeof(buffer))) > 0;) {
        const struct inotify_event *event;
        for (char *at = buffer; at < buffer + n; at += sizeof(*event) + event->len) {
            event = (const struct inotify_event *)at;
            if (event->len && g_strcmp0(event->name, ignored_name) != 0)
                g_hash_table_add(opened->names, g_strdup(event->name));
        }
    }
}

void
cp_opened_modules_skip(CpOpenedModules *opened)
{
    char buffer[8192];
    while (read(opened->fd, buffer, sizeof(buffer)) > 0)
        ;
}

gboolean
cp_opened_modules_has(const CpOpenedModules *opened, const char *module)
{
    g_autofree char *name = g_strconcat(module, ".so", NULL);
    return g_hash_table_contains(opened->names, name);
}
