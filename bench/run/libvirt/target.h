/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A target: one libvirt under test, as a user would reach it.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *name;
    const char *summary;

    /** Prepares `root`, a new folder, so that a client can open the target. */
    gboolean (*prepare)(const char *root, GError **error);

    /** The URI under which a client opens it. The caller owns it. */
    char *(*uri)(const char *root);
} CpTarget;

/** The QEMU driver within the client's own process. */
extern const CpTarget cp_target_embed;
