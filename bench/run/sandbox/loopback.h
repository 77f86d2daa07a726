/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sandbox's own loopback interface. Used in the sandbox's init. */
#pragma once

#include <glib.h>

/** Sees to it that 127.0.0.1 can be reached from within the sandbox. There is no other interface in it. */
gboolean cp_loopback_raise(GError **error);
