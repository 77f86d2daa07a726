/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* On which CPUs a thread may run. Also used by the client, which has no GLib. */
#pragma once

#include <sched.h>
#include <glib.h>

/** Moves this thread to the `n`th CPU of `all`, counted from 0. If `all` has fewer CPUs, does nothing. */
void cp_affinity_choose(const cpu_set_t *all, guint64 n);
