/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run finds on a host, with a made-up libvirt and emulator, each of them a script or this program's own file. */
#include "run/elf-file.h"
#include "run/find.h"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/duration.h"
#include "helper.h"
#include "run/host/host.h"
#include "run/libvirt/library-path.h"

/* In copies of this program another path is put here: it looks like a module directory that was compiled in. */
#define PLACE_SIZE 256
static const char place[PLACE_SIZE] __attribute__((used)) = "/a/place/for/a/path/in/copies/of/this/program/lib/qemu";

/* A path that does not look like one that was compiled in. */
#define HIDDEN(path) (&("-" path)[1])
#define WATCHED HIDDEN("/watched/lib64/qemu-kvm")

#define DEADLINE_NS CP_NS_PER_S
#define LONG_DEADLINE_NS (100 * CP_NS_PER_S)

typedef struct {
    char *folder;   /* of all that is made up */
    char *libvirt;  /* a build folder of libvirt */
    char *emulator; /* in a folder bin/ */
} Fixture;

static char *
path_in(const Fixture *fixture, const char *name)
{
    return g_build_filename(fixture->folder, name, NULL);
}

static void
make_folder(const Fixture *fixture, const char *name)
{
    g_autofree char *path = path_in(fixture, name);
    g_assert_cmpint(g_mkdir_with_parents(path, 0755), ==, 0);
}

static void
write_file(const Fixture *fixture, const char *name, const char *content, gsize length)
{
    g_autofree char *path = path_in(fixture, name);
    g_assert_true(g_file_set_contents_full(path, content, length, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
}

static void
write_script(const Fixture *fixture, const char *name, const char *commands)
{
    g_autofree char *text = g_strdup_printf("#!/bin/sh\n%s\n", commands);
    write_file(fixture, name, text, strlen(text));
}

/* Writes an ELF file into which `module_dir` was compiled; with NULL, no directory. */
static void
write_elf(const Fixture *fixture, const char *name, const char *module_dir)
{
    g_autofree char *content = NULL;
    gsize length;
    g_assert_true(g_file_get_contents("/proc/self/exe", &content, &length, NULL));
    char *at = memmem(content, length, place, PLACE_SIZE);
    g_assert_nonnull(at);
    memset(at, 0, PLACE_SIZE);
    g_assert_cmpint(g_strlcpy(at, module_dir ? module_dir : "", PLACE_SIZE), <, PLACE_SIZE);
    write_file(fixture, name, content, length);
}

static char *
own_module_dir(const Fixture *fixture)
{
    return g_build_filename(fixture->folder, "lib", "qemu", NULL);
}

static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    fixture->folder = folder_begin();
    fixture->libvirt = path_in(fixture, "libvirt");
    fixture->emulator = path_in(fixture, "bin/emulator");
    g_autofree char *modules = own_module_dir(fixture);
    make_folder(fixture, "libvirt/src");
    make_folder(fixture, "bin");
    make_folder(fixture, "lib/qemu");
    write_file(fixture, "libvirt/src/libvirt.so.0", "", 0);
    write_file(fixture, "libvirt/src/client", "echo 9001002 /the/library/libvirt.so.0", -1);
    write_elf(fixture, "libvirt/src/libvirt_driver_qemu.so", WATCHED);
    write_elf(fixture, "bin/emulator", modules);
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_assert_true(cp_host_remove_tree(fixture->folder, NULL));
    g_free(fixture->folder);
    g_free(fixture->libvirt);
    g_free(fixture->emulator);
}

/* Finds all, or returns NULL with `error` set. */
static CpFound *
find_with(const Fixture *fixture, const char *modules, GError **error)
{
    return cp_find(NULL, fixture->libvirt, fixture->emulator, modules, LONG_DEADLINE_NS, error);
}

/* Finds all. NULL if this host allows no sandbox: the test is skipped. */
static CpFound *
find_all(const Fixture *fixture, const char *modules)
{
    g_autoptr(GError) error = NULL;
    CpFound *found = find_with(fixture, modules, &error);
    if (!found && strstr(error->message, "namespaces")) {
        g_test_skip(error->message);
        return NULL;
    }
    g_assert_no_error(error);
    return found;
}

static gboolean
sandbox_allowed(const Fixture *fixture)
{
    g_autoptr(CpFound) found = find_all(fixture, NULL);
    return found != NULL;
}

static void
assert_not_found(const Fixture *fixture, const char *modules, CpError code, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(find_with(fixture, modules, &error));
    assert_error(&error, code, expected);
}

/* --- libvirt --- */

static void
test_all(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *modules = own_module_dir(fixture), *source = path_in(fixture, "libvirt/src");
    g_autoptr(CpFound) found = find_all(fixture, NULL);
    if (!found)
        return;
    g_assert_cmpstr(found->libvirt_dir, ==, source);
    g_assert_cmpuint(found->libvirt_version, ==, 9001002);
    g_autofree char *version = cp_found_libvirt_version(found);
    g_assert_cmpstr(version, ==, "9.1.2");
    g_assert_cmpstr(found->library, ==, "/the/library/libvirt.so.0");
    g_assert_cmpstr(found->emulator, ==, fixture->emulator);
    g_assert_cmpstr(found->emulator_module_dir, ==, modules);
    g_assert_cmpstr(found->module_dir, ==, modules);
    g_assert_null(found->driver);
    g_assert_null(found->libvirt_module_dir);
}

/* The driver is beside the library that was loaded, in a build; or in its folder of drivers, if it is installed. */
static void
test_driver(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    static const char *const places[] = { "src/libvirt_driver_qemu.so",
                                          "src/libvirt/connection-driver/libvirt_driver_qemu.so" };
    g_autofree char *client = g_strdup_printf("echo 9000000 %s/src/libvirt.so.0", fixture->libvirt);
    write_file(fixture, "libvirt/src/client", client, -1);
    make_folder(fixture, "libvirt/src/libvirt/connection-driver");
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *driver = g_build_filename(fixture->libvirt, places[i], NULL);
        g_autofree char *below = g_build_filename("libvirt", places[i], NULL);
        g_autofree char *watched = g_strdup_printf("%s-%zu/lib/qemu", "/watched", i);
        write_elf(fixture, below, watched);
        g_autoptr(CpFound) found = find_all(fixture, "libvirt");
        if (!found)
            return;
        g_assert_cmpstr(found->driver, ==, driver);
        g_assert_cmpstr(found->libvirt_module_dir, ==, watched);
        g_assert_cmpstr(found->module_dir, ==, watched);
    }
}

static void
test_libvirt_folder(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *source = path_in(fixture, "libvirt/src"), *special = path_in(fixture, "a:b");
    Fixture direct = *fixture, missing = *fixture, unusable = *fixture;
    direct.libvirt = source;
    g_autoptr(CpFound) found = find_all(&direct, NULL);
    if (found)
        g_assert_cmpstr(found->libvirt_dir, ==, source);

    missing.libvirt = fixture->folder;
    g_autofree char *expected = g_strdup_printf("%s: libvirt.so.0 is neither there nor in its src/;", fixture->folder);
    assert_not_found(&missing, NULL, CP_ERROR_UNTESTABLE, expected);
    unusable.libvirt = special;
    g_autofree char *refusal = g_strdup_printf("--libvirt %s: expected a path without ':', ';' and '$'", special);
    assert_not_found(&unusable, NULL, CP_ERROR_USAGE, refusal);
}

/* A libvirt that cannot be loaded, or whose client says something else. */
static void
test_bad_libvirt(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    static const struct {
        const char *client, *reason;
    } cases[] = {
        { "exec sleep 1000", "did not answer within 1.00 s" },
        { "sleep 1000 & echo 9.0.0 /library; exec sleep 1000",
          "printed '9.0.0 /library' instead of libvirt's version" },
        { "echo 9000000 library", "printed '9000000 library' instead of libvirt's version" },
        { "echo 9000000//library", "printed '9000000//library' instead of libvirt's version" },
        { "echo 9000000", "printed '9000000' instead of libvirt's version" },
        { "echo version 9 /library", "printed 'version 9 /library' instead of libvirt's version" },
        { "exec tr '\\0' x </dev/zero", "printed a line of more than 1000 bytes" },
        { "printf 'too old\\nsecond line\\n' >&2; exit 1", "said: too old" },
        { "exec tr '\\0' x </dev/zero >&2", "did not answer within 1.00 s" },
        { "exit 1", "printed nothing" },
        { "kill -ABRT $$", "died: Aborted" },
    };
    if (!sandbox_allowed(fixture))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *expected = g_strdup_printf("libvirt cannot be loaded: capprobe-client %s;", cases[i].reason);
        write_file(fixture, "libvirt/src/client", cases[i].client, -1);
        /* Only what hangs needs a deadline that passes. */
        gint64 deadline_ns = strstr(cases[i].reason, "within") ? DEADLINE_NS : LONG_DEADLINE_NS;
        g_assert_null(cp_find(NULL, fixture->libvirt, fixture->emulator, NULL, deadline_ns, &error));
        assert_error(&error, CP_ERROR_UNTESTABLE, expected);
    }
}

/* --- the emulator --- */

static void
test_missing_emulator(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    Fixture other = *fixture;
    g_autofree char *missing = path_in(fixture, "bin/missing"), *plain = path_in(fixture, "bin/plain");
    write_script(fixture, "bin/plain", "");
    g_assert_cmpint(chmod(plain, 0644), ==, 0);
    char *const paths[] = { missing, plain };
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *expected = g_strdup_printf("%s: no such emulator, or not executable;", paths[i]);
        other.emulator = paths[i];
        assert_not_found(&other, NULL, CP_ERROR_UNTESTABLE, expected);
    }
}

/* Without a wish it is the one that libvirt would choose; links are followed. */
static void
test_default_emulator(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    Fixture by_default = *fixture;
    struct utsname host;
    uname(&host);
    g_autofree char *old_path = g_strdup(g_getenv("PATH")), *bin = path_in(fixture, "bin");
    g_autofree char *kvm = path_in(fixture, "bin/qemu-kvm");
    g_autofree char *native = g_strdup_printf("%s/qemu-system-%s", bin, host.machine);
    g_autofree char *missing = g_strdup_printf("qemu-system-%s: no such emulator", host.machine);
    if (!sandbox_allowed(fixture))
        return;
    by_default.emulator = NULL;
    g_setenv("PATH", bin, TRUE);
    if (!g_file_test("/usr/libexec/qemu-kvm", G_FILE_TEST_EXISTS))
        assert_not_found(&by_default, NULL, CP_ERROR_UNTESTABLE, missing);
    g_assert_cmpint(symlink("emulator", kvm), ==, 0);
    g_autoptr(CpFound) second = find_all(&by_default, NULL);
    write_elf(fixture, "bin/native", HIDDEN("/native/lib/qemu"));
    g_assert_cmpint(symlink("native", native), ==, 0);
    g_autoptr(CpFound) first = find_all(&by_default, NULL);
    g_setenv("PATH", old_path, TRUE);
    g_assert_cmpstr(second->emulator, ==, fixture->emulator);
    g_autofree char *real = path_in(fixture, "bin/native");
    g_assert_cmpstr(first->emulator, ==, real);
}

static void
assert_modules(const Fixture *fixture, const char *expected)
{
    g_autofree char *client = g_strdup_printf("echo 9000000 %s/src/libvirt.so.0", fixture->libvirt);
    write_file(fixture, "libvirt/src/client", client, -1);
    g_autoptr(CpFound) found = find_all(fixture, NULL);
    if (!found)
        return;
    g_assert_cmpstr(found->emulator_module_dir, ==, expected);
    g_assert_cmpstr(found->module_dir, ==, expected ? expected : WATCHED);
}

/* QEMU looks beside itself, if it is not where it was installed. */
static void
test_emulator_modules(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *own = own_module_dir(fixture), *bundle = path_in(fixture, "bin/qemu-bundle/old/lib/qemu");
    g_autofree char *elsewhere = g_build_filename(fixture->folder, "lib64", "qemu", NULL);
    write_elf(fixture, "bin/emulator", HIDDEN("/old/lib/qemu"));
    assert_modules(fixture, own);
    make_folder(fixture, "bin/qemu-bundle");
    assert_modules(fixture, bundle);
    g_autofree char *bundle_folder = path_in(fixture, "bin/qemu-bundle");
    g_assert_cmpint(rmdir(bundle_folder), ==, 0);

    write_elf(fixture, "bin/emulator", HIDDEN("/old/lib64/qemu"));
    assert_modules(fixture, NULL);
    write_elf(fixture, "bin/emulator", elsewhere);
    assert_modules(fixture, elsewhere);
    write_elf(fixture, "bin/emulator", NULL);
    assert_modules(fixture, NULL);
    write_script(fixture, "bin/emulator", "exit 1");
    assert_modules(fixture, NULL);
}

static void
test_choice_of_modules(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *bin = path_in(fixture, "bin"), *winding = path_in(fixture, "lib/../bin");
    if (!sandbox_allowed(fixture))
        return;
    g_autofree char *own = own_module_dir(fixture);
    g_autoptr(CpFound) found = find_all(fixture, winding), of_emulator = find_all(fixture, "emulator");
    g_assert_cmpstr(found->module_dir, ==, bin);
    g_assert_cmpstr(of_emulator->module_dir, ==, own);
    assert_not_found(fixture, "nowhere", CP_ERROR_USAGE,
                     "--modules nowhere: expected libvirt, emulator or a folder that exists");
    assert_not_found(fixture, "libvirt", CP_ERROR_UNTESTABLE,
                     "--modules libvirt: libvirt's QEMU driver has no module directory");
    write_script(fixture, "bin/emulator", "");
    g_autofree char *none = g_strdup_printf("--modules emulator: %s has no module directory", fixture->emulator);
    assert_not_found(fixture, "emulator", CP_ERROR_UNTESTABLE, none);
    g_autofree char *neither =
        g_strdup_printf("neither %s nor libvirt's QEMU driver names a module directory", fixture->emulator);
    assert_not_found(fixture, NULL, CP_ERROR_UNTESTABLE, neither);
}

/* --- files --- */

static void
test_build_id(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_autofree char *own = cp_elf_build_id("/proc/self/exe"), *copy = cp_elf_build_id(fixture->emulator);
    g_autofree char *script = path_in(fixture, "libvirt/src/client");
    g_autofree char *of_script = cp_elf_build_id(script), *of_nothing = cp_elf_build_id("/nonexistent");
    g_assert_cmpstr(own, ==, copy);
    g_assert_cmpstr(of_script, ==, "");
    g_assert_cmpstr(of_nothing, ==, "");
    g_assert_true(g_regex_match_simple("^([0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40})?$", own, 0, 0));
}

static void
test_library_path(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
    g_auto(GStrv) system = cp_library_path_set(g_new0(char *, 1), NULL);
    g_auto(GStrv) installed = cp_library_path_set(g_new0(char *, 1), fixture->libvirt);
    g_auto(GStrv) build = cp_library_path_set(g_new0(char *, 1), "/libvirt/src");
    g_assert_cmpuint(g_strv_length(system), ==, 0);
    g_assert_cmpstr(g_environ_getenv(installed, "LD_LIBRARY_PATH"), ==, fixture->libvirt);
    g_assert_cmpstr(g_environ_getenv(installed, "LIBVIRT_DRIVER_DIR"), ==, fixture->libvirt);
    g_assert_null(g_environ_getenv(installed, "LIBVIRT_DIR_OVERRIDE"));
    g_assert_cmpstr(g_environ_getenv(build, "LIBVIRT_DIR_OVERRIDE"), ==, "1");
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *fixture, gconstpointer unused);
    } tests[] = {
        { "/find/all", test_all },
        { "/find/driver", test_driver },
        { "/find/libvirt-folder", test_libvirt_folder },
        { "/find/bad-libvirt", test_bad_libvirt },
        { "/find/missing-emulator", test_missing_emulator },
        { "/find/default-emulator", test_default_emulator },
        { "/find/emulator-modules", test_emulator_modules },
        { "/find/choice-of-modules", test_choice_of_modules },
        { "/find/build-id", test_build_id },
        { "/find/library-path", test_library_path },
    };
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
