/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What operations replace on the private host, and that a reset undoes it. Needs namespaces; no QEMU, no libvirt. */
#include "run/host/host.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"
#include "run/host/emulator.h"
#include "run/host/host-facts.h"
#include "run/sandbox/sandbox.h"

#define CPUINFO "/proc/cpuinfo"
#define KVM "/dev/kvm"
#define SEV "/dev/sev"

typedef struct {
    const char *name;
    void (*act)(CpHost *host);
} Case;

typedef struct {
    const Case *test;
    char *folder;
} Started;

/* --- in the sandbox's init --- */

static char *
content(const char *path)
{
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void
assert_content(const char *path, const char *expected)
{
    g_autofree char *text = content(path);
    g_assert_cmpstr(text, ==, expected);
}

static struct stat
status(const char *path)
{
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st;
}

static void
assert_facts(const CpHost *host, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    cp_host_facts_describe(host, text);
    g_assert_cmpstr(text->str, ==, expected);
}

/* The value of the first field in /proc/cpuinfo. The caller owns it. */
static char *
first_field(char **name)
{
    g_autofree char *text = content(CPUINFO);
    const char *colon = strchr(text, ':');
    g_assert_nonnull(colon);
    *name = g_strchomp(g_strndup(text, colon - text));
    return g_strstrip(g_strndup(colon + 1, strcspn(colon + 1, "\n")));
}

static void
assert_first_field(const char *expected)
{
    g_autofree char *name = NULL, *value = first_field(&name);
    g_assert_cmpstr(value, ==, expected);
}

static void
cpuinfo(CpHost *host)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL, *value = first_field(&name), *before = content(CPUINFO);
    g_autofree char *facts = g_strdup_printf("cpuinfo %s \n", name);
    g_autofree char *emptied = NULL, *long_value = g_strnfill(1000, 'x');

    g_assert_true(cp_host_facts_set_cpuinfo(host, name, "", &error));
    emptied = content(CPUINFO);
    assert_facts(host, facts);
    g_assert_true(cp_host_facts_set_cpuinfo(host, name, long_value, &error));
    assert_first_field(long_value);
    /* The file is shorter again, and nothing of the long one is left. */
    g_assert_true(cp_host_facts_set_cpuinfo(host, name, "", &error));
    g_autofree char *emptied_again = content(CPUINFO);
    g_assert_true(g_str_equal(emptied, emptied_again));

    g_assert_false(cp_host_facts_set_cpuinfo(host, "no such field", "1", &error));
    assert_error(&error, CP_ERROR_UNTESTABLE, CPUINFO " has no field 'no such field'");
    g_assert_true(cp_host_facts_reset(host, &error));
    assert_first_field(value);
    g_autofree char *after = content(CPUINFO);
    g_assert_cmpuint(strlen(after), ==, strlen(before));
    assert_facts(host, "");
}

static void
replace_emulator(CpHost *host)
{
    g_autoptr(GError) error = NULL;
    struct stat before = status(host->emulator);
    static const char *const names[] = { "longer", "shorter", "longer" };
    static const char *const contents[] = { "a longer emulator", "short", "a longer emulator" };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_true(cp_emulator_replace(host, names[i], &error));
        assert_content(host->emulator, contents[i]);
        g_assert_cmpint(status(host->emulator).st_ctim.tv_sec, !=, before.st_ctim.tv_sec);
        g_assert_true(host->emulator_is_other);
    }
    before = status(host->emulator);
    cp_emulator_note_read(host);
    host->kernel_clock = TRUE;
    g_assert_true(cp_emulator_touch(host, &error));
    assert_content(host->emulator, "a longer emulator");
    struct stat touched = status(host->emulator);
    g_assert_cmpint(touched.st_ino, ==, before.st_ino);
    g_assert_false(cp_emulator_replace(host, "missing", &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_true(cp_emulator_reset(host, &error));
    assert_content(host->emulator, "emulator");
    g_assert_false(host->emulator_is_other);
}

static void
kernel(CpHost *host)
{
    g_autoptr(GError) error = NULL;
    struct utsname before, old, after;
    uname(&before);
    g_assert_true(cp_host_facts_set_kernel(host, TRUE, &error));
    uname(&old);
    assert_facts(host, "kernel 2.6\n");
    g_assert_true(cp_host_facts_reset(host, &error));
    uname(&after);
    g_assert_true(g_str_has_prefix(old.release, "2.6."));
    g_assert_cmpstr(after.release, ==, before.release);
    assert_facts(host, "");
}

/* The value of a parameter of any of KVM's modules. The caller owns it. */
static char *
parameter(const char *name)
{
    static const char *const modules[] = { "kvm_intel", "kvm_amd", "kvm_hv", "kvm" };
    char *text = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(modules) && !text; i++) {
        g_autofree char *path = g_strdup_printf("/sys/module/%s/parameters/%s", modules[i], name);
        g_file_get_contents(path, &text, NULL, NULL);
    }
    return text;
}

static void
assert_parameter(const char *name, const char *expected)
{
    g_autofree char *value = parameter(name);
    g_assert_cmpstr(value, ==, expected);
}

static void
kvm_parameters(CpHost *host)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *nested = parameter("nested"), *sev = parameter("sev");

    g_assert_true(cp_host_facts_set_kvm_parameter(host, "nested", TRUE, &error));
    assert_parameter("nested", "Y\n");
    assert_parameter("sev", sev);
    g_assert_true(cp_host_facts_set_kvm_parameter(host, "nested", FALSE, &error));
    assert_parameter("nested", "N\n");
    g_assert_false(g_file_test(SEV, G_FILE_TEST_EXISTS));
    g_assert_true(cp_host_facts_set_kvm_parameter(host, "sev", TRUE, &error));
    assert_parameter("sev", "Y\n");
    assert_parameter("nested", "N\n");
    g_assert_true(g_file_test(SEV, G_FILE_TEST_EXISTS));
    assert_facts(host, "kvm-parameter nested off\nkvm-parameter sev on\nkvm-parameters replaced\n");

    g_assert_true(cp_host_facts_reset(host, &error));
    assert_parameter("nested", nested);
    assert_parameter("sev", sev);
    g_assert_false(g_file_test(SEV, G_FILE_TEST_EXISTS));
}

/* libvirt's driver is the file beside the emulator. */
static void
touch_libvirt(CpHost *host)
{
    g_autoptr(GError) error = NULL;
    host->libvirt = g_path_get_dirname(host->emulator);
    g_autofree char *driver = g_build_filename(host->libvirt, "libvirt_driver_qemu.so", NULL);
    struct stat real = status(driver);

    g_assert_true(cp_host_facts_touch_libvirt(host, &error));
    struct stat first = status(driver);
    g_assert_cmpint(first.st_ctim.tv_sec, !=, real.st_ctim.tv_sec);
    g_assert_true(cp_host_facts_touch_libvirt(host, &error));
    g_assert_cmpint(status(driver).st_ctim.tv_sec, !=, first.st_ctim.tv_sec);
    assert_content(driver, "driver");
    assert_facts(host, "");
    g_assert_true(cp_host_facts_reset(host, &error));
    g_assert_cmpint(status(driver).st_ino, ==, real.st_ino);

    g_clear_pointer(&host->libvirt, g_free);
    host->libvirt = g_strdup("/nonexistent");
    g_assert_false(cp_host_facts_touch_libvirt(host, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
}

static void
kvm(CpHost *host G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    gboolean root = geteuid() == 0;
    g_assert_false(g_file_test(KVM, G_FILE_TEST_EXISTS));

    g_assert_cmpint(cp_kvm_set_up(CP_KVM_DEAD, &error), ==, root);
    if (root) {
        g_assert_cmpuint(status(KVM).st_rdev, ==, makedev(1, 3));
        g_assert_cmpuint(status(KVM).st_mode & 07777, ==, 0666);
    } else
        assert_error(&error, CP_ERROR_UNTESTABLE, "'kvm dead' needs root: ");

    if (g_file_test(CP_SANDBOX_HOST_KVM, G_FILE_TEST_EXISTS)) {
        struct stat real = status(CP_SANDBOX_HOST_KVM);
        g_assert_true(cp_kvm_set_up(CP_KVM_HOST, &error));
        g_assert_cmpuint(status(KVM).st_mode, ==, real.st_mode);
        g_assert_cmpuint(status(KVM).st_rdev, ==, real.st_rdev);
        g_assert_true(cp_kvm_set_up(CP_KVM_ON, &error));
        g_assert_cmpuint(status(KVM).st_mode & 07777, ==, root ? 0666 : real.st_mode & 07777);
        g_assert_cmpint(cp_kvm_set_up(CP_KVM_ROOT_ONLY, &error), ==, root);
        if (root) {
            g_assert_cmpuint(status(KVM).st_mode & 07777, ==, 0600);
            g_assert_cmpuint(status(KVM).st_uid, ==, real.st_uid);
            g_assert_cmpuint(status(KVM).st_gid, ==, real.st_gid);
        } else
            assert_error(&error, CP_ERROR_UNTESTABLE, "'kvm root-only' needs root");
        umount2(CP_SANDBOX_HOST_KVM, MNT_DETACH);
        g_assert_cmpint(unlink(CP_SANDBOX_HOST_KVM), ==, 0);
    }
    g_assert_false(cp_kvm_set_up(CP_KVM_ON, &error));
    assert_error(&error, CP_ERROR_UNTESTABLE, "the host has no /dev/kvm");
    g_assert_true(cp_kvm_set_up(CP_KVM_OFF, &error));
    g_assert_false(g_file_test(KVM, G_FILE_TEST_EXISTS));
}

static void
act_in_sandbox(gpointer data)
{
    const Started *started = data;
    g_autofree char *modules = g_build_filename(started->folder, "lib", "qemu", NULL);
    g_autofree char *emulator = g_build_filename(started->folder, "bin", "emulator", NULL);
    g_autoptr(CpHost) host = cp_host_new(modules, emulator, "query", CP_KVM_OFF);
    g_autoptr(GError) error = NULL;

    g_assert_true(cp_host_reset(host, &error));
    started->test->act(host);
}

/* --- in the test --- */

static void
test_in_sandbox(gconstpointer data)
{
    static const char *const names[] = { "emulator", "longer", "shorter", "libvirt_driver_qemu.so" };
    static const char *const contents[] = { "emulator", "a longer emulator", "short", "driver" };
    Started started = { data, folder_begin() };
    g_autofree char *modules = g_build_filename(started.folder, "lib", "qemu", NULL);
    g_autofree char *bin = g_build_filename(started.folder, "bin", NULL);
    g_autofree char *emulator = g_build_filename(bin, "emulator", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(modules, 0755), ==, 0);
    g_assert_cmpint(g_mkdir_with_parents(bin, 0755), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_free(folder_write(bin, names[i], contents[i]));
    const CpSandboxSpec spec = { .module_dir = modules, .emulator = emulator };
    pid_t pid = cp_sandbox_spawn(&spec, act_in_sandbox, &started, &error);
    if (pid > 0) {
        int end;
        g_assert_cmpint(waitpid(pid, &end, 0), ==, pid);
        g_assert_cmpint(end, ==, 0);
    } else
        g_test_skip(error->message);
    g_assert_true(cp_host_remove_tree(started.folder, NULL));
    g_free(started.folder);
}

int
main(int argc, char **argv)
{
    static const Case cases[] = {
        { "cpuinfo", cpuinfo },
        { "replace-emulator", replace_emulator },
        { "kernel", kernel },
        { "kvm-parameters", kvm_parameters },
        { "touch-libvirt", touch_libvirt },
        { "kvm", kvm },
    };
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/private-host/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_in_sandbox);
    }
    return g_test_run();
}
