/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Before 2.76, GLib takes objects, which those of libvirt are, from slabs of its own. LeakSanitizer does not look into
 * these: a lost object is not missed, nor is what only the object pointed to. GLib goes without them if the environment
 * says so when the process begins.
 *
 * Under AddressSanitizer this begins the process anew where it must, before an engine has done anything; elsewhere, and
 * where that cannot be done, it does nothing.
 */
void cp_no_slices(void);
