/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes leaks of GLib objects visible to LeakSanitizer. */
#pragma once

/**
 * Makes GLib allocate objects with malloc(). GLib before 2.76 allocates objects, including those of libvirt, from its
 * own slabs, which LeakSanitizer does not search: it misses an object that is leaked, and everything that only this
 * object points to. GLib decides this when the process starts, from G_SLICE in the environment. So under
 * AddressSanitizer this function sets G_SLICE and executes the program again, if necessary. It does nothing without
 * AddressSanitizer, or if the program cannot be executed again. To be called before an engine does anything.
 */
void cp_no_slices(void);
