/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of events: what a history cannot tell without a contradiction. */
#pragma once

#include "history/event.h"

typedef struct _CpOrder CpOrder;

CpOrder *cp_order_new(void);
void cp_order_free(CpOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpOrder, cp_order_free)

/** Takes the next event. Returns NULL, or why it contradicts those before it: it is outside a round, it began before the
 * one before it had ended, ... The text is static. */
const char *cp_order_check(CpOrder *order, const CpEvent *event);
