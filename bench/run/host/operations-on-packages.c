/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The operations on packages and images: real programs install and remove a module, or put another image in the module
 * directory's place. Run in the sandbox's init.
 */
#include "base/error.h"
#include "deploy-script.h"
#include "run/host/changes.h"
#include "run/host/host-facts.h"
#include "run/host/images.h"
#include "run/host/operation-functions.h"
#include "run/host/run-command.h"
#include "run/sandbox/sandbox.h"

/* Calls deploy.sh for `action` with the package manager or the kind of image `by`. */
static gboolean
call_script(CpHost *host, const char *action, const char *by, const char *module, GError **error)
{
    const char *argv[] = { "sh", "-c", CP_DEPLOY_SCRIPT, "sh", action, by, module, NULL };
    g_autofree char *driver = cp_host_facts_find_driver(host, NULL);
    const char *const variables[] = { "CAPPROBE_PRISTINE",
                                      host->pristine_dir,
                                      "CAPPROBE_WORK",
                                      CP_SANDBOX_PACKAGES,
                                      "CAPPROBE_DRIVER",
                                      driver ? driver : "",
                                      NULL };
    if (!cp_changes_are_possible()) {
        g_set_error(error, CP_ERROR, CP_ERROR_UNTESTABLE,
                    "this takes root, and a root file system in which everything can be changed");
        return FALSE;
    }
    return cp_host_run_command(host, by, (char **)argv, variables, FALSE, error);
}

static gboolean
manage(CpHost *host, const CpStep *step, GError **error)
{
    gint64 begin_us = g_get_real_time();
    if (!call_script(host, step->args[0], step->operation->word, step->args[1], error))
        return FALSE;
    cp_host_keep_time(host, begin_us);
    return TRUE;
}

gboolean
cp_operate_DPKG(CpHost *host, const CpStep *step, GError **error)
{
    return manage(host, step, error);
}

gboolean
cp_operate_APT(CpHost *host, const CpStep *step, GError **error)
{
    return manage(host, step, error);
}

gboolean
cp_operate_RPM(CpHost *host, const CpStep *step, GError **error)
{
    return manage(host, step, error);
}

/* Puts the image `which`, "with" or "without" the module, in the place of what is there. */
static gboolean
put_image(CpHost *host, const char *kind, const char *which, const char *module, GError **error)
{
    g_autofree char *file = g_strdup_printf(CP_SANDBOX_PACKAGES "/%s-%s/%s.%s", kind, module, which, kind);
    if (g_str_equal(kind, "erofs") || g_str_equal(kind, "squashfs"))
        return cp_images_mount(host, file, kind, error);
    cp_images_reset(host);
    return call_script(host, which, kind, module, error);
}

/* Puts an image with the program `file` in the emulator's place. */
static gboolean
put_emulator(CpHost *host, const char *kind, const char *file, GError **error)
{
    g_autofree char *name = g_path_get_basename(file);
    g_autofree char *image = g_strdup_printf(CP_SANDBOX_PACKAGES "/%s-%s/image.%s", kind, name, kind);
    if (!call_script(host, "emulator", kind, file, error) || !cp_images_mount_emulator(host, image, kind, error))
        return FALSE;
    cp_changes_note_command(host);
    return TRUE;
}

/* Puts the image `which`, "with" or "without" the module, in the place of modules, emulator and libvirt's driver. */
static gboolean
put_host(CpHost *host, const char *kind, const char *which, const char *module, GError **error)
{
    g_autofree char *image = g_strdup_printf(CP_SANDBOX_PACKAGES "/%s-%s-host/%s.%s", kind, module, which, kind);
    return cp_images_mount_host(host, image, kind, error);
}

gboolean
cp_operate_IMAGE(CpHost *host, const CpStep *step, GError **error)
{
    const char *kind = step->args[0], *which = step->args[1], *module = step->args[2];
    if (g_str_equal(which, "emulator"))
        return put_emulator(host, kind, module, error);
    gboolean whole = g_str_equal(which, "host");
    if (whole) {
        which = step->args[2];
        module = step->args[3];
    }
    if (!call_script(host, whole ? "host" : "prepare", kind, module, error))
        return FALSE;
    gint64 begin_us = g_get_real_time();
    if (whole ? !put_host(host, kind, which, module, error) : !put_image(host, kind, which, module, error))
        return FALSE;
    cp_changes_note_command(host);
    cp_host_keep_time(host, begin_us);
    return TRUE;
}
