/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds what a run needs on this host. Runs in the caller. */
#include "run/find.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/error.h"
#include "run/elf-file.h"
#include "run/first-line.h"
#include "run/libvirt/library-path.h"
#include "run/own-files.h"
#include "run/sandbox/sandbox.h"
#include "run/tree.h"

/* A module directory: .../lib/qemu, .../lib64/qemu-kvm, .../lib/x86_64-linux-gnu/qemu. The groups are the prefix and what
 * is below it. */
#define MODULE_DIR "^(/(?:[^/]+/)*)(lib(?:32|64|x32)?(?:/[^/]+-linux-[^/]+)?/qemu(?:-kvm)?)$"

/* Returns the module directory that was compiled into a file of the tree, or NULL. */
static char *
find_module_dir(const CpFound *found, const char *path)
{
    g_autoptr(GRegex) pattern = g_regex_new(MODULE_DIR, 0, 0, NULL);
    g_autofree char *file = cp_tree_path(found->tree, path);
    return file ? cp_elf_find_path(file, pattern) : NULL;
}

static gboolean
is_same_folder(const CpFound *found, const char *a, const char *b)
{
    g_autofree char *path_a = cp_tree_path(found->tree, a);
    g_autofree char *path_b = cp_tree_path(found->tree, b);
    struct stat of_a, of_b;
    return path_a && path_b && stat(path_a, &of_a) == 0 && stat(path_b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
           of_a.st_ino == of_b.st_ino;
}

/*
 * Returns the directory that the emulator loads modules from, or NULL if it has none. QEMU takes the compiled-in directory
 * relative to its own place: /opt/q/bin/qemu-system-x86_64 with /usr/lib/qemu compiled in looks into /opt/q/lib/qemu. A
 * folder qemu-bundle beside the emulator stands for the root folder.
 */
static char *
find_emulator_modules(const CpFound *found)
{
    const char *emulator = found->emulator;
    g_autofree char *compiled = find_module_dir(found, emulator);
    if (!compiled)
        return NULL;
    g_autofree char *folder = g_path_get_dirname(emulator);
    g_autofree char *bundle = g_build_filename(folder, "qemu-bundle", NULL);
    if (cp_tree_test(found->tree, bundle, G_FILE_TEST_EXISTS))
        return g_build_filename(bundle, compiled, NULL);

    g_autoptr(GRegex) pattern = g_regex_new(MODULE_DIR, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_regex_match(pattern, compiled, 0, &match);
    g_autofree char *prefix = g_match_info_fetch(match, 1);
    g_autofree char *below = g_match_info_fetch(match, 2);
    g_autofree char *upper = g_path_get_dirname(folder);
    g_autofree char *moved = g_build_filename(upper, below, NULL);
    if (cp_tree_test(found->tree, moved, G_FILE_TEST_IS_DIR) && !is_same_folder(found, moved, compiled))
        return g_steal_pointer(&moved);
    /* Elsewhere below its own prefix, as in /usr/libexec/qemu, it was installed there and not moved. */
    gboolean in_place = cp_tree_test(found->tree, moved, G_FILE_TEST_IS_DIR) || g_str_has_prefix(emulator, prefix);
    return in_place ? g_steal_pointer(&compiled) : NULL;
}

/* Chooses the directory that operations act on, see cp_find(). */
static gboolean
choose_module_dir(CpFound *found, const char *wanted, GError **error)
{
    const char *own = found->emulator_module_dir, *watched = found->libvirt_module_dir;

    if (!wanted)
        found->module_dir = g_strdup(own ? own : watched);
    else if (g_str_equal(wanted, "emulator"))
        found->module_dir = g_strdup(own);
    else if (g_str_equal(wanted, "libvirt"))
        found->module_dir = g_strdup(watched);
    else if (cp_tree_test(found->tree, wanted, G_FILE_TEST_IS_DIR))
        found->module_dir = g_canonicalize_filename(wanted, found->tree ? "/" : NULL);
    else {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--modules %s: expected libvirt, emulator or a folder that exists",
                    wanted);
        return FALSE;
    }
    if (found->module_dir)
        return TRUE;
    if (wanted)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "--modules %s: %s has no module directory", wanted,
                    g_str_equal(wanted, "libvirt") ? "libvirt's QEMU driver" : found->emulator);
    else
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "neither %s nor libvirt's QEMU driver names a module directory: QEMU was probably built without "
                    "modules",
                    found->emulator);
    return FALSE;
}

/* The libraries are in src/ of a libvirt build folder, or in the folder itself. */
static char *
find_libraries(const char *tree, const char *libvirt, GError **error)
{
    g_autofree char *absolute = g_canonicalize_filename(libvirt, tree ? "/" : NULL);
    const char *const folders[] = { "src", "." };

    if (strpbrk(absolute, CP_LIBRARY_PATH_SPECIAL)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "--libvirt %s: expected a path without ':', ';' and '$', which LD_LIBRARY_PATH cannot contain",
                    absolute);
        return NULL;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_canonicalize_filename(folders[i], absolute);
        g_autofree char *library = g_build_filename(folder, "libvirt.so.0", NULL);
        if (cp_tree_test(tree, library, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&folder);
    }
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                "%s: libvirt.so.0 is neither there nor in its src/; expected the folder of a libvirt build", libvirt);
    return NULL;
}

/* Takes the client's description: a version number, a space, and the path of the library. */
static gboolean
take_description(CpFound *found, const char *line)
{
    char *end;
    found->libvirt_version = g_ascii_strtoull(line, &end, 10);
    if (end == line || end[0] != ' ' || end[1] != '/')
        return FALSE;
    found->library = g_strdup(end + 1);
    return TRUE;
}

/* Asks the client which libvirt it loads. Loading it runs its constructors, so this happens in a sandbox. */
static gboolean
ask_client(CpFound *found, gint64 deadline_ns, GError **error)
{
    char *argv[] = { (char *)CP_SANDBOX_CLIENT, (char *)"--describe", NULL };
    g_auto(GStrv) env = cp_library_path_set(cp_sandbox_environment(g_get_environ()), found->libvirt_dir);
    const char *const visible[] = { found->tree ? NULL : found->libvirt_dir, NULL };
    CpFirstLineSpec question = { .argv = argv,
                                 .env = env,
                                 .tree = found->tree,
                                 .client = found->client,
                                 .visible = visible,
                                 .deadline_ns = deadline_ns ? deadline_ns : CP_FIRST_LINE_DEADLINE_NS };
    g_autofree char *reason = NULL;
    g_autofree char *line = cp_first_line(&question, &reason, error);

    if (!line && !reason)
        return FALSE;
    if (line && take_description(found, line))
        return TRUE;
    if (line)
        reason = g_strdup_printf("printed '%s' instead of libvirt's version", line);
    if (found->tree)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "--tree %s: %s: capprobe-client %s", found->tree,
                    strstr(reason, "`GLIBC_") ? "its C library is older than the one that capprobe was built with"
                                              : "its libvirt cannot be loaded",
                    reason);
    else
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "libvirt cannot be loaded: capprobe-client %s; 'capprobe doctor' says what to install", reason);
    return FALSE;
}

/* Finds libvirt's QEMU driver, if there is one. */
static gboolean
find_driver(CpFound *found, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(found->library);
    const char *const places[] = { "libvirt/connection-driver", "." };

    for (gsize i = 0; i < G_N_ELEMENTS(places) && !found->driver; i++) {
        g_autofree char *driver = g_build_filename(folder, places[i], "libvirt_driver_qemu.so", NULL);
        if (cp_tree_test(found->tree, driver, G_FILE_TEST_EXISTS))
            found->driver = g_canonicalize_filename(driver, NULL);
    }
    if (!found->driver)
        return TRUE;
    found->libvirt_module_dir = find_module_dir(found, found->driver);
    g_autofree char *file = cp_found_path(found, found->driver);
    if (cp_elf_is_whole(file))
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                "%s: not a library, or only a part of one, expected libvirt's QEMU driver", file);
    return FALSE;
}

static char *
find_emulator(const char *tree, const char *wanted, GError **error)
{
    struct utsname host;
    uname(&host);
    g_autofree char *native = g_strdup_printf("qemu-system-%s", host.machine);
    const char *const names[] = { native, "qemu-kvm", "/usr/libexec/qemu-kvm" };
    g_autofree char *path = wanted ? cp_tree_find_program(tree, wanted) : NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(names) && !wanted && !path; i++)
        path = cp_tree_find_program(tree, names[i]);
    char *real = path ? cp_tree_real_path(tree, path) : NULL;
    if (!real && tree)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE, "--tree %s: it has no %s that can be executed", tree,
                    wanted ? wanted : native);
    else if (!real)
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "%s: no such emulator, or not executable; 'capprobe doctor' says what to install",
                    wanted ? wanted : native);
    return real;
}

CpFound *
cp_find(const char *tree,
        const char *libvirt,
        const char *emulator,
        const char *modules,
        gint64 deadline_ns,
        GError **error)
{
    g_autoptr(CpFound) found = g_new0(CpFound, 1);

    if (!cp_tree_open(tree, &found->tree, error) ||
        (libvirt && !(found->libvirt_dir = find_libraries(found->tree, libvirt, error))))
        return NULL;
    if (!(found->client = cp_own_client(error)) ||
        !cp_tree_check(found->tree, found->client, found->libvirt_dir, error) ||
        !(found->emulator = find_emulator(found->tree, emulator, error)) || !ask_client(found, deadline_ns, error))
        return NULL;
    if (!find_driver(found, error))
        return NULL;
    found->emulator_module_dir = find_emulator_modules(found);
    if (!choose_module_dir(found, modules, error))
        return NULL;
    return g_steal_pointer(&found);
}

void
cp_found_free(CpFound *found)
{
    if (!found)
        return;
    g_free(found->tree);
    g_free(found->client);
    g_free(found->libvirt_dir);
    g_free(found->library);
    g_free(found->driver);
    g_free(found->emulator);
    g_free(found->libvirt_module_dir);
    g_free(found->emulator_module_dir);
    g_free(found->module_dir);
    g_free(found);
}

char *
cp_libvirt_version_format(guint64 version)
{
    return g_strdup_printf("%u.%u.%u", (guint)(version / 1000000), (guint)(version / 1000 % 1000),
                           (guint)(version % 1000));
}

char *
cp_found_libvirt_version(const CpFound *found)
{
    return cp_libvirt_version_format(found->libvirt_version);
}

char *
cp_found_path(const CpFound *found, const char *path)
{
    char *real = cp_tree_path(found->tree, path);
    return real ? real : g_build_filename(found->tree, path, NULL);
}

gboolean
cp_find_kvm_usable(void)
{
    int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}
