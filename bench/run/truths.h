/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Truths: what libvirt says with an empty cache is learned, once per state that the scenarios lead to. Runs in the
 * sandbox's init. */
#pragma once

#include "run/documents.h"
#include "run/learned.h"

/**
 * Learns the truths of all states of the plan's scenarios and writes a `truth` event of the pass (1 or 2) for each: for the
 * question of `read` in each state, and for those of an `ask` in the states in which it is asked. `learned` is told as
 * well. To reach the states, only the steps that change them are carried out. A truth that is lost is asked for again, up
 * to three times in all. A scenario that cannot be tested here is left out: its place in `left_out` is set.
 */
gboolean cp_truths_learn(CpLearned *learned,
                         int pass,
                         CpSession *session,
                         CpEventStream *events,
                         CpDocuments *documents,
                         gboolean *left_out,
                         GError **error);
