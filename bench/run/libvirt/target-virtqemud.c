/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The target `virtqemud`. Runs in the sandbox's init. */
#include "run/libvirt/settings.h"
#include "run/libvirt/target.h"

static const char *const program[] = { "virtqemud", NULL };
static const char *const *const daemons[] = { program, NULL };

const CpTarget cp_target_virtqemud = {
    .name = "virtqemud",
    .summary = "the daemon of the QEMU driver",
    .daemons = daemons,
    .prepare = cp_settings_prepare_system,
    .uri = cp_settings_system_uri,
    .sockets = cp_settings_system_sockets,
    .cache = cp_settings_system_cache,
    .capabilities = "qemu/capabilities",
};
