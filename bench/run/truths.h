/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Truths: what libvirt says with an empty cache is learned, once per state that the scenarios lead to. Runs in the
 * sandbox's init. */
#pragma once

#include "run/event-stream.h"
#include "run/session.h"

/**
 * Learns the truths of all states of the plan's scenarios and writes a `truth` event for each. To reach the states,
 * only the steps that change them are carried out. A scenario that cannot be tested here is left out: its place in
 * `left_out` is set.
 */
gboolean cp_truths_learn(
    const CpPlan *plan, CpHost *host, CpSession *session, CpEventStream *events, gboolean *left_out, GError **error);
