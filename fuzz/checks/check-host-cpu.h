/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "internal.h"
#include "qemu/qemu_capabilities.h"

/*
 * Demands that the host's CPU model for @type in @caps, as a host of architecture @host derives it while it loads them, is
 * one that follows from what is loaded, and from the host. @any_model says that any model may be chosen, for the document
 * names none.
 */
void cp_check_host_cpu(virQEMUCaps *caps, virArch host, virDomainVirtType type, gboolean any_model);
