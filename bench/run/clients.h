/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clients that read at planned times, beside each other, while steps are carried out. Runs in the sandbox's init. */
/*
 * They are the readers of the session's client, each with a connection of its own: libvirt's embedded driver can be opened by
 * one process only. The client begins each read at its planned time, whatever the init is doing.
 */
#pragma once

#include "run/reads.h"

/**
 * Lets the clients of `step`, a `clients` of `scenario`, begin, and writes the event of that. From then on `reads->clients` is set,
 * and their reads are written whenever `reads` waits. CP_ERROR_UNTESTABLE if they cannot all be connected; then libvirt is killed.
 */
gboolean
cp_clients_begin(CpReads *reads, const CpPlan *plan, const CpScenario *scenario, const CpStep *step, GError **error);

/** Lets them make the reads that they have planned by now, writes those and the event of the end, and clears `reads->clients`. */
void cp_clients_end(CpReads *reads);

/** Forgets clients that a round has left behind, if there are any, and kills libvirt with them. */
void cp_clients_drop(CpReads *reads);

/** Waits until `until_ns` (CLOCK_MONOTONIC), and writes the reads that clients end meanwhile. */
void cp_clients_pause(CpClients *clients, gint64 until_ns);

/** Takes notice of emulators that have begun or ended, and of a libvirt that is lost. To be called after each wait. */
void cp_clients_look(CpClients *clients);

/** Readable if an emulator has begun, for poll(); -1 if that cannot be told. */
int cp_clients_fd(const CpClients *clients);

/** Whether an emulator ran at some time from `begin_ns` to `end_ns`. */
gboolean cp_clients_probing(const CpClients *clients, gint64 begin_ns, gint64 end_ns);

/** Forgets them, without a word. */
void cp_clients_free(CpClients *clients);
