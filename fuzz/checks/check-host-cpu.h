/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the host's CPU model, which libvirt derives while it loads capabilities. */
#pragma once

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/**
 * Demands that the host's CPU model for `type` in `caps` follows from what was loaded and from the host. `host` is the
 * architecture of the host that loaded `caps`. `any_model` says that libvirt may choose any model, because the document
 * does not contain any.
 */
void cp_check_host_cpu(virQEMUCaps *caps, virArch host, virDomainVirtType type, gboolean any_model);
