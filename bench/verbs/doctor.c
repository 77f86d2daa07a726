/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs/verb.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "run/environment.h"
#include "run/find.h"
#include "run/sandbox/sandbox.h"

static struct {
    char *libvirt, *emulator;
} options;

static const GOptionEntry entries[] = {
    { "libvirt", 0, 0, G_OPTION_ARG_FILENAME, &options.libvirt,
      "The libvirt under test: a folder it was built in (default: the system's)", "DIR" },
    { "emulator", 0, 0, G_OPTION_ARG_FILENAME, &options.emulator, "The emulator to probe (default: the host's own)",
      "PATH" },
    { NULL },
};

typedef enum { FINE, REMARK, LACKING } Grade;

/* Prints one line of the examination, and beneath it what would mend it. */
static gboolean
report(Grade grade, const char *what, const char *mend)
{
    static const char *const marks[] = { "ok", "note", "LACKING" };
    printf("%-8s %s\n", marks[grade], what);
    if (grade != FINE && mend)
        printf("%-8s %s\n", "", mend);
    return grade != LACKING;
}

static gboolean
has_command(const char *name)
{
    g_autofree char *path = g_find_program_in_path(name);
    return path != NULL;
}

/* The command that installs a package, as this distribution calls it. */
static char *
install(const char *deb, const char *rpm)
{
    if (has_command("dnf"))
        return g_strdup_printf("mend it: dnf install %s", rpm);
    return g_strdup_printf("mend it: apt-get install %s", deb);
}

static void
do_nothing(gpointer unused G_GNUC_UNUSED)
{
}

static gboolean
examine_sandbox(const CpFound *found)
{
    CpSandboxSpec spec = { cp_found_module_dir(found), found->emulator };
    g_autoptr(GError) error = NULL;
    g_autofree char *max = NULL;

    if (cp_sandbox_spawn(&spec, do_nothing, NULL, &error) > 0)
        return report(FINE, geteuid() == 0 ? "namespaces, as root" : "user namespaces, rootless", NULL);
    if (geteuid() == 0)
        return report(LACKING, error->message, "mend it: run outside the container, or give it CAP_SYS_ADMIN");
    if (g_file_get_contents("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", &max, NULL, NULL) &&
        max[0] == '1')
        return report(LACKING, error->message,
                      "mend it: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root");
    return report(LACKING, error->message,
                  "mend it: sysctl user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1, or run as root");
}

static gboolean
examine_modules(const CpFound *found)
{
    guint n = cp_environment_count_modules(cp_found_module_dir(found));
    g_autofree char *what = g_strdup_printf("%u modules in %s", n, cp_found_module_dir(found));
    g_autofree char *mend =
        install("qemu-system-common qemu-block-extra", "qemu-device-display-qxl qemu-ui-spice-core");
    gboolean same = g_strcmp0(found->libvirt_module_dir, found->emulator_module_dir) == 0;
    g_autofree char *differ =
        g_strdup_printf("libvirt watches %s, the emulator loads from %s: libvirt will notice nothing",
                        found->libvirt_module_dir ? found->libvirt_module_dir : "no directory",
                        found->emulator_module_dir ? found->emulator_module_dir : "none");
    gboolean fine = report(n > 0 ? FINE : LACKING, what, mend);
    return (same || report(REMARK, differ, NULL)) && fine;
}

static gboolean
examine_user(void)
{
    if (geteuid() != 0)
        return TRUE;
    gboolean there = getpwnam("libvirt-qemu") || getpwnam("qemu");
    g_autofree char *mend = install("libvirt-daemon-system", "libvirt-daemon-driver-qemu");
    return report(there ? FINE : LACKING, "the user that libvirt runs emulators as", mend);
}

static CpExit
run(int argc, char **argv, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *packages = install("libvirt-daemon-system libvirt-daemon qemu-system-x86 qemu-system-common",
                                        "libvirt-daemon-driver-qemu qemu-kvm");
    if (argc > 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "doctor: '%s': no argument expected", argv[0]);
        return CP_EXIT_USAGE;
    }

    g_autoptr(CpFound) found = cp_find(options.libvirt, options.emulator, &cause);
    if (!found) {
        report(LACKING, cause->message, packages);
        return CP_EXIT_UNTESTABLE;
    }

    g_autofree char *version = cp_found_libvirt_version(found);
    g_autofree char *library = g_strdup_printf("libvirt %s: %s", version, found->library);
    gboolean fine = report(FINE, library, NULL);
    fine &= report(found->driver ? FINE : LACKING, found->driver ? found->driver : "libvirt's QEMU driver", packages);
    fine &= report(FINE, found->emulator, NULL);
    fine &= examine_modules(found);
    fine &= examine_user();
    fine &= examine_sandbox(found);
    report(cp_find_kvm_usable() ? FINE : REMARK,
           cp_find_kvm_usable() ? "KVM is usable" : "KVM is not usable: only TCG will be probed",
           "mend it: load the module kvm_intel or kvm_amd, or join the group kvm");
    return fine ? CP_EXIT_WELL : CP_EXIT_UNTESTABLE;
}

const CpVerb cp_verb_doctor = {
    .name = "doctor",
    .summary = "say what this host lacks, and the command that mends it",
    .description = "Examines this host: libvirt, its QEMU driver, the emulator and its modules, namespaces, KVM. Exits "
                   "0 where a run is possible.",
    .options = entries,
    .run = run,
};
