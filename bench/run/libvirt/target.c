/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of targets. Used in the caller and in the sandbox's init. */
#include "run/libvirt/target.h"

#include "base/error.h"

static const CpTarget *const targets[] = {
    &cp_target_embed,     &cp_target_session,    &cp_target_libvirtd,
    &cp_target_virtqemud, &cp_target_virtproxyd, &cp_target_virtproxyd_tcp,
};

const CpTarget *
cp_target_find(const char *name, GError **error)
{
    if (!name)
        return &cp_target_embed;
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
        if (g_str_equal(targets[i]->name, name))
            return targets[i];
    }
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--target %s: expected " CP_TARGET_NAMES, name);
    return NULL;
}

const CpTarget *
cp_target_nth(guint n)
{
    return n < G_N_ELEMENTS(targets) ? targets[n] : NULL;
}

char *
cp_target_capabilities(const CpTarget *target, const char *root)
{
    g_autofree char *cache = target->cache(root);
    return g_build_filename(cache, target->capabilities, NULL);
}
