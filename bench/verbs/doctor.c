/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe doctor`: checks whether this host can run scenarios, and prints how to fix what is missing. */
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/duration.h"
#include "run/emulator-version.h"
#include "run/environment.h"
#include "run/find-daemons.h"
#include "run/find.h"
#include "run/sandbox/instructions.h"
#include "run/sandbox/sandbox.h"
#include "run/writable-root.h"
#include "verbs/verb.h"

/* For what is executed in a sandbox. */
#define DEADLINE_NS (10 * CP_NS_PER_S)

typedef enum { OK, NOTE, LACKING } Grade;

/* Prints one line, and the fix below it. Returns whether scenarios can run in spite of it. */
static gboolean
report(Grade grade, const char *what, const char *fix)
{
    static const char *const marks[] = { "ok", "note", "LACKING" };
    printf("%-8s %s\n", marks[grade], what);
    if (grade != OK && fix)
        printf("%-8s fix: %s\n", "", fix);
    return grade != LACKING;
}

static gboolean
has_command(const char *name)
{
    g_autofree char *path = g_find_program_in_path(name);
    return path != NULL;
}

/* Returns how packages are installed: for this host the command. The caller owns it. */
static char *
install(const CpOptions *options, const char *deb, const char *rpm)
{
    if (options->tree)
        return g_strdup("choose a complete tree; scripts/tree makes some");
    if (has_command("dnf"))
        return g_strdup_printf("dnf install %s", rpm);
    return g_strdup_printf("apt-get install %s", deb);
}

/* Returns the fix if something was not found. What the user named must be named differently; the rest are packages. */
static char *
fix_missing(const CpOptions *options)
{
    if (options->emulator && !options->tree && !has_command(options->emulator))
        return g_strdup("give --emulator the path of a QEMU, or leave it out to use the installed one");
    if (options->libvirt && !options->tree)
        return g_strdup(
            "give --libvirt the build folder of a libvirt, which holds src/libvirt.so.0, or leave it out to use "
            "the installed one");
    return install(options, "libvirt-daemon-system libvirt-daemon qemu-system-x86 qemu-system-common",
                   "libvirt-daemon-driver-qemu qemu-kvm");
}

static gboolean
check_modules(const CpOptions *options, const CpFound *found)
{
    guint n = cp_environment_count_modules(found);
    g_autofree char *what = g_strdup_printf("%u modules in %s", n, found->module_dir);
    g_autofree char *fix =
        install(options, "qemu-system-common qemu-block-extra", "qemu-device-display-qxl qemu-ui-spice-core");
    gboolean ok = report(n > 0 ? OK : LACKING, what, fix);

    if (g_strcmp0(found->libvirt_module_dir, found->emulator_module_dir) == 0)
        return ok;
    g_autofree char *differ =
        g_strdup_printf("libvirt watches %s, but QEMU loads modules from %s: libvirt will not notice any change",
                        found->libvirt_module_dir ? found->libvirt_module_dir : "no directory",
                        found->emulator_module_dir ? found->emulator_module_dir : "nowhere");
    report(NOTE, differ, NULL);
    return ok;
}

/* Whether the tree has this user. */
static gboolean
has_user(const CpFound *found, const char *name)
{
    g_autofree char *path = cp_found_path(found, "/etc/passwd");
    FILE *users = fopen(path, "re");
    const struct passwd *user = NULL;
    while (users && (user = fgetpwent(users)) && !g_str_equal(user->pw_name, name))
        ;
    if (users)
        fclose(users);
    return user != NULL;
}

static gboolean
check_user(const CpOptions *options, const CpFound *found)
{
    if (geteuid() != 0)
        return TRUE;
    gboolean exists = found->tree ? has_user(found, "libvirt-qemu") || has_user(found, "qemu")
                                  : getpwnam("libvirt-qemu") || getpwnam("qemu");
    g_autofree char *fix = install(options, "libvirt-daemon-system", "libvirt-daemon-driver-qemu");
    return report(exists ? OK : LACKING, "the user that libvirt runs QEMU as", fix);
}

static void
do_nothing(gpointer unused G_GNUC_UNUSED)
{
}

/* Makes a sandbox; reports what is lacking for it. */
static gboolean
check_sandbox(const CpSandboxSpec *sandbox)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *restricted = NULL;

    if (cp_sandbox_spawn(sandbox, do_nothing, NULL, &error) > 0)
        return TRUE;
    if (geteuid() == 0)
        return report(LACKING, error->message, "run outside the container, or give it CAP_SYS_ADMIN");
    if (g_file_get_contents("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", &restricted, NULL, NULL) &&
        restricted[0] == '1')
        return report(LACKING, error->message, "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root");
    return report(LACKING, error->message,
                  "sysctl user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1, or run as root");
}

/* The emulator is not executed outside a sandbox. */
static gboolean
check_emulator(const CpOptions *options, const CpFound *found)
{
    const char *emulator = found->emulator;
    g_autoptr(GError) error = NULL;
    g_autofree char *reason = NULL;
    g_autofree char *version = cp_emulator_version(found->tree, emulator, DEADLINE_NS, &reason, &error);
    if (version && g_str_has_prefix(version, "QEMU emulator version ")) {
        g_autofree char *what = g_strdup_printf("%s: %s", emulator, version);
        return report(OK, what, NULL);
    }
    if (version)
        reason = g_strdup_printf("printed '%s'", version);
    g_autofree char *packages = install(options, "qemu-system-x86", "qemu-kvm");
    g_autofree char *not_qemu = reason ? g_strdup_printf("%s is not QEMU: --version %s", emulator, reason) : NULL;
    return report(LACKING, not_qemu ? not_qemu : error->message,
                  options->emulator ? "give --emulator the path of a QEMU that works, or leave it out" : packages);
}

/* Reports which targets there are, and how to get the others. */
static void
report_targets(const CpFound *found)
{
    g_autoptr(GString) names = g_string_new("targets:");
    g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func(g_free);
    const CpTarget *target;
    for (guint i = 0; (target = cp_target_nth(i)); i++) {
        g_autoptr(GError) lacking = NULL;
        g_auto(GStrv) daemons = cp_find_daemons(found, target, &lacking);
        if (daemons)
            g_string_append_printf(names, " %s", target->name);
        else
            g_ptr_array_add(reasons, g_strdup(lacking->message));
    }
    report(OK, names->str, NULL);
    for (guint i = 0; i < reasons->len; i++)
        report(NOTE, reasons->pdata[i], NULL);
}

/* Reports whether instructions can be counted, which only makes comparisons sharper. */
static void
report_instructions(void)
{
    g_autofree char *refusal = cp_instructions_refusal();
    g_autofree char *what = refusal ? g_strdup_printf("instructions are not counted: %s", refusal)
                                    : g_strdup("instructions can be counted");
    gboolean forbidden = refusal && strstr(refusal, "perf_event_paranoid");
    report(refusal ? NOTE : OK, what, forbidden ? "sysctl kernel.perf_event_paranoid=2" : NULL);
}

CpExit
cp_verb_doctor(const CpOptions *options, char **arguments G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *missing = fix_missing(options);

    /* libvirt is loaded in a sandbox: without one, nothing can be said of it. */
    if (!check_sandbox(&(CpSandboxSpec){ 0 }))
        return CP_EXIT_UNTESTABLE;
    g_autoptr(CpFound) found =
        cp_find(options->tree, options->libvirt, options->emulator, options->modules, DEADLINE_NS, &cause);
    if (!found) {
        report(LACKING, cause->message, missing);
        return CP_EXIT_UNTESTABLE;
    }

    CpSandboxSpec sandbox = {
        .tree = found->tree, .changeable = TRUE, .module_dir = found->module_dir, .emulator = found->emulator
    };
    g_autofree char *version = cp_found_libvirt_version(found);
    g_autofree char *library = g_strdup_printf("libvirt %s: %s", version, found->library);
    gboolean ok = report(OK, library, NULL);
    ok &= report(found->driver ? OK : LACKING, found->driver ? found->driver : "libvirt's QEMU driver", missing);
    ok &= check_modules(options, found);
    ok &= check_user(options, found);
    report_targets(found);
    ok &= check_sandbox(&sandbox) &&
          report(OK, geteuid() == 0 ? "namespaces, as root" : "user namespaces, as an ordinary user", NULL) &&
          check_emulator(options, found);
    g_autofree char *refusal = geteuid() == 0 ? cp_writable_root_refusal(found->tree) : NULL;
    if (refusal)
        report(NOTE, refusal, "run outside the container, on a kernel with overlayfs");
    report(cp_find_kvm_usable() ? OK : NOTE,
           cp_find_kvm_usable() ? "KVM is usable" : "KVM is not usable: libvirt will probe TCG only",
           "load the kernel module kvm_intel or kvm_amd, or join the group kvm");
    report_instructions();
    return ok ? CP_EXIT_WELL : CP_EXIT_UNTESTABLE;
}
