/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals that interrupt a run: SIGINT, SIGTERM and SIGHUP. Runs in the caller. */
#pragma once

#include <glib.h>

/** From now on these signals only interrupt; but SIGHUP does nothing if it was ignored. */
gboolean cp_interrupt_begin(GError **error);

/** Whether a signal has arrived. */
gboolean cp_interrupted(void);

/** A descriptor that is readable once a signal has arrived; for poll(). Valid after cp_interrupt_begin(). */
int cp_interrupt_fd(void);
