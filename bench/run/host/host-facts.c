/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts of the host that libvirt compares with its cache. Runs in the sandbox's init. */
#include "run/host/host-facts.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/error.h"
#include "run/sandbox/sandbox.h"

#define CPUINFO "/proc/cpuinfo"
#define SYS_MODULE "/sys/module"
#define SEV_DEVICE "/dev/sev"
#define DRIVER "libvirt_driver_qemu.so"

/* The names of facts in CpHost. That of the driver holds its path; it is not part of the state. */
#define FACT_DRIVER "driver"
#define FACT_KERNEL "kernel"
#define FACT_PARAMETERS "kvm-parameters"

static void
note(CpHost *host, const char *kind, const char *name, const char *value)
{
    g_hash_table_replace(host->facts, name ? g_strdup_printf("%s %s", kind, name) : g_strdup(kind), g_strdup(value));
}

/* Whether a fact of the kind has been replaced. */
static gboolean
has_kind(const CpHost *host, const char *kind)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, host->facts);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (g_str_has_prefix(key, kind))
            return TRUE;
    }
    return FALSE;
}

static gboolean
uncover(const char *path, GError **error)
{
    return umount2(path, MNT_DETACH) == 0 ||
           cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be unmounted", path);
}

gboolean
cp_host_facts_reset(CpHost *host, GError **error)
{
    const char *driver = g_hash_table_lookup(host->facts, FACT_DRIVER);
    if ((driver && !uncover(driver, error)) || (has_kind(host, "cpuinfo") && !uncover(CPUINFO, error)) ||
        (has_kind(host, FACT_PARAMETERS) && !uncover(SYS_MODULE, error)) ||
        (has_kind(host, FACT_KERNEL) && !cp_host_facts_set_kernel(host, FALSE, error)))
        return FALSE;
    if (has_kind(host, "kvm-parameter sev"))
        unlink(SEV_DEVICE);
    g_hash_table_remove_all(host->facts);
    return TRUE;
}

void
cp_host_facts_describe(const CpHost *host, GString *text)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(host->facts), (GCompareFunc)strcmp);
    for (GList *name = names; name; name = name->next) {
        if (!g_str_equal(name->data, FACT_DRIVER))
            g_string_append_printf(text, "%s %s\n", (char *)name->data,
                                   (char *)g_hash_table_lookup(host->facts, name->data));
    }
}

/* --- libvirt's own file --- */

char *
cp_host_facts_find_driver(const CpHost *host, GError **error)
{
    static const char *const folders[] = { "/usr/lib/libvirt/connection-driver", "/usr/lib64/libvirt/connection-driver",
                                           "/usr/local/lib/libvirt/connection-driver" };
    if (host->libvirt)
        return g_build_filename(host->libvirt, DRIVER, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(folders[i], DRIVER, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    /* Debian's folders are named after the architecture. */
    g_auto(GStrv) names = cp_host_list("/usr/lib");
    for (char **name = names; name && *name; name++) {
        g_autofree char *path = g_build_filename("/usr/lib", *name, "libvirt/connection-driver", DRIVER, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "libvirt's %s was not found", DRIVER);
    return NULL;
}

gboolean
cp_host_facts_cover_driver(CpHost *host, const char *file, GError **error)
{
    g_autofree char *driver = cp_host_facts_find_driver(host, error);
    if (!driver || (g_hash_table_remove(host->facts, FACT_DRIVER) && !uncover(driver, error)) ||
        !cp_sandbox_bind(file, driver, error))
        return FALSE;
    note(host, FACT_DRIVER, NULL, driver);
    return TRUE;
}

static gint64
ctime_s(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_ctim.tv_sec : 0;
}

gboolean
cp_host_facts_touch_libvirt(CpHost *host, GError **error)
{
    static const char copy[] = CP_SANDBOX_DIR "/libvirt-driver";
    g_autofree char *driver = cp_host_facts_find_driver(host, error);
    if (!driver)
        return FALSE;

    gint64 before_s = ctime_s(driver);
    if (!g_hash_table_contains(host->facts, FACT_DRIVER)) {
        g_autofree char *content = NULL;
        gsize length;
        if (!g_file_get_contents(driver, &content, &length, error) ||
            !g_file_set_contents_full(copy, content, length, G_FILE_SET_CONTENTS_NONE, 0755, error) ||
            !cp_sandbox_bind(copy, driver, error))
            return FALSE;
        note(host, FACT_DRIVER, NULL, driver);
    }
    /* libvirt compares seconds. */
    do {
        if (utimensat(AT_FDCWD, driver, NULL, 0) < 0)
            return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: its time cannot be set", driver);
    } while (ctime_s(driver) == before_s && (g_usleep(10 * 1000), TRUE));
    return TRUE;
}

/* --- the CPU --- */

/* Replaces the value of `field` in each line "field : value" of `text`. Returns NULL if there is no such line. */
static char *
replace_field(const char *text, const char *field, const char *value)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean found = FALSE;
    for (char **line = lines; *line; line++) {
        const char *colon = strchr(*line, ':');
        g_autofree char *name = colon ? g_strchomp(g_strndup(*line, colon - *line)) : NULL;
        if (g_strcmp0(name, field) != 0)
            continue;
        char *changed = g_strdup_printf("%.*s: %s", (int)(colon - *line), *line, value);
        g_free(*line);
        *line = changed;
        found = TRUE;
    }
    return found ? g_strjoinv("\n", lines) : NULL;
}

gboolean
cp_host_facts_set_cpuinfo(CpHost *host, const char *field, const char *value, GError **error)
{
    static const char copy[] = CP_SANDBOX_DIR "/cpuinfo";
    g_autofree char *text = NULL;
    if (!g_file_get_contents(CPUINFO, &text, NULL, error))
        return FALSE;
    g_autofree char *changed = replace_field(text, field, value);
    if (!changed) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, CPUINFO " has no field '%s'", field);
        return FALSE;
    }
    if (has_kind(host, "cpuinfo") && !uncover(CPUINFO, error))
        return FALSE;
    unlink(copy); /* GLib overwrites a file in place, and does not always shorten it */
    if (!g_file_set_contents_full(copy, changed, -1, G_FILE_SET_CONTENTS_NONE, 0444, error) ||
        !cp_sandbox_bind(copy, CPUINFO, error))
        return FALSE;
    note(host, "cpuinfo", field, value);
    return TRUE;
}

/* --- the kernel --- */

gboolean
cp_host_facts_set_kernel(CpHost *host, gboolean old, GError **error)
{
    int present = personality(0xffffffff);
    if (present < 0 || personality(old ? present | UNAME26 : present & ~UNAME26) < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "the kernel's release cannot be changed");
    if (old)
        note(host, FACT_KERNEL, NULL, "2.6");
    else
        g_hash_table_remove(host->facts, FACT_KERNEL);
    return TRUE;
}

/* --- KVM's parameters --- */

static const char *const modules[] = { "kvm_intel", "kvm_amd", "kvm_hv", "kvm" };
static const char *const parameters[] = { "nested", "sev" };

static gboolean
write_parameter(const char *module, const char *name, const char *value, GError **error)
{
    g_autofree char *folder = g_build_filename(SYS_MODULE, module, "parameters", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_mkdir_with_parents(folder, 0755) < 0)
        return cp_error_set_errno(error, CP_ERROR_FAILED, errno, "%s: cannot be made", folder);
    return g_file_set_contents(path, value, -1, error);
}

/* Covers /sys/module with a tmpfs that has the parameters that the host has. */
static gboolean
cover_modules(CpHost *host, GError **error)
{
    g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (gsize m = 0; m < G_N_ELEMENTS(modules); m++) {
        for (gsize p = 0; p < G_N_ELEMENTS(parameters); p++) {
            g_autofree char *path = g_build_filename(SYS_MODULE, modules[m], "parameters", parameters[p], NULL);
            char *value;
            if (g_file_get_contents(path, &value, NULL, NULL))
                g_hash_table_insert(values, g_strdup_printf("%s %s", modules[m], parameters[p]), value);
        }
    }
    if (mount("capprobe", SYS_MODULE, "tmpfs", 0, "mode=755") < 0)
        return cp_error_set_errno(error, CP_ERROR_UNTESTABLE, errno, "cannot mount a tmpfs on " SYS_MODULE);
    note(host, FACT_PARAMETERS, NULL, "replaced");

    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, values);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        g_auto(GStrv) words = g_strsplit(key, " ", 2);
        if (!write_parameter(words[0], words[1], value, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
cp_host_facts_set_kvm_parameter(CpHost *host, const char *name, gboolean on, GError **error)
{
    gboolean sev = g_str_equal(name, "sev"), set = FALSE;
    const char *value = on ? "Y\n" : "N\n";
    if (!has_kind(host, FACT_PARAMETERS) && !cover_modules(host, error))
        return FALSE;
    for (gsize m = 0; m < G_N_ELEMENTS(modules); m++) {
        g_autofree char *path = g_build_filename(SYS_MODULE, modules[m], "parameters", name, NULL);
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            continue;
        if (!write_parameter(modules[m], name, value, error))
            return FALSE;
        set = TRUE;
    }
    if (!set && !write_parameter(sev ? "kvm_amd" : "kvm_intel", name, value, error))
        return FALSE;
    if (sev && on && !g_file_test(SEV_DEVICE, G_FILE_TEST_EXISTS) && !g_file_set_contents(SEV_DEVICE, "", 0, error))
        return FALSE;
    note(host, "kvm-parameter", name, on ? "on" : "off");
    return TRUE;
}
