/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CPUs of this host, as far as scenarios need to know them. Runs in the caller. */
#pragma once

#include <glib.h>

/** The number of CPUs that this process may use; 0 if the kernel does not tell. */
guint cp_cpu_count(void);

/** Whether the CPU has this leaf of CPUID, and says something in it. FALSE if it is not an x86. */
gboolean cp_cpu_has_leaf(guint32 leaf);
