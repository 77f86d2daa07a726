/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known defects of libvirt (corpus/bugs) that targets meet often: a campaign that stopped at each would find nothing
 * else. */
#pragma once

#include <glib.h>

#include "driver/fault.h"

/* All functions return the name of the defect, which is a folder of corpus/bugs, or NULL if there is none. */

/** Returns the defect because of which `document`, which libvirt saved, cannot be loaded again as the same. */
const char *cp_defects_of_saved(const char *document);

/** Returns the defect that ends the process if capabilities that libvirt saves as `document` are copied. */
const char *cp_defects_of_copied(const char *document);

/** Returns the defect because of which `length` bytes of `document` take too long to load. */
const char *cp_defects_of_size(const char *document, gsize length);

/** Returns the defect because of which libvirt does not report `fault`, which happened while it loaded a document. */
const char *cp_defects_of_fault(CpFault fault);
