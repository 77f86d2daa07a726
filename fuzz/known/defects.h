/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "driver/fault.h"

/*
 * The defects of libvirt that corpus/bugs describes, as far as the targets meet them again and again. A campaign that
 * stopped at each of them would find nothing else.
 */

/* The defect, by the name of its directory, that keeps @document, as libvirt saved it, from being loaded as the same;
 * NULL where there is none. */
const char *cp_defects_of_saved(const char *document);

/* The same for what ends the process where capabilities that are saved as @document are copied. */
const char *cp_defects_of_copied(const char *document);

/* The same for what makes @length bytes at @document take longer to load than anybody waits. */
const char *cp_defects_of_size(const char *document, size_t length);

/* The same for what lets a failure while a document is loaded pass unnoticed. */
const char *cp_defects_of_fault(CpFault fault);
