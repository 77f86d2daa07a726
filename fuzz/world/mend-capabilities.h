/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What replaced functions correct in capabilities, if known defects are to be mended (known/known.h). */
#pragma once

#include "internal.h"
#include "conf/domain_capabilities.h"

/** Returns what libvirt must get in place of a list of CPU models: NULL for an empty one, if that is to be mended. */
virDomainCapsCPUModels *cp_mend_models(virDomainCapsCPUModels *models);
