/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads: libvirt is asked, and while its answer is awaited the steps of the read's block are carried out. Runs in the
 * sandbox's init. */
#pragma once

#include "run/documents.h"
#include "run/learned.h"
#include "run/opened-modules.h"
#include "run/session.h"

typedef struct _CpClients CpClients;

typedef struct {
    CpSession *session;         /* borrowed */
    CpEventStream *events;      /* borrowed */
    CpDocuments *documents;     /* borrowed */
    const CpQuestion *question; /* borrowed; what `read` asks */
    gboolean awaited;           /* a read was sent and has not ended yet */
    CpOutcome outcome;          /* of the read, once it has ended */
    char *ended;                /* how the last read ended, as cp_learned_outcome() says it; NULL if libvirt was lost */
    JsonObject *stamps;         /* what libvirt compares for the read under way; NULL if that is not noted */
    CpClients *clients;         /* who read beside all others, see clients.h; NULL if there are none */
    CpOpenedModules *opened;    /* what emulators have opened; NULL outside the block of a read */
    void (*before_event)(gpointer data); /* called when a read has ended, before its event is written; or NULL */
    gpointer before_event_data;
} CpReads;

/** Carries out the steps of a block. */
typedef gboolean CpRunBlock(const GPtrArray *steps, gpointer data, GError **error);

/** Prepares `reads`; the other arguments are borrowed. */
void cp_reads_init(
    CpReads *reads, CpSession *session, CpEventStream *events, CpDocuments *documents, const CpQuestion *question);

/** Frees what `reads` holds. */
void cp_reads_clear(CpReads *reads);

/** Puts `question` to libvirt for `step`, a read, and writes its event. Its block, if any, is run by `run_block`. */
gboolean cp_reads_run(CpReads *reads,
                      const CpQuestion *question,
                      const CpStep *step,
                      CpRunBlock *run_block,
                      gpointer data,
                      GError **error);

/** Ends libvirt, if it runs. If it does not end well, writes that as a read "close" of line `line`, which is lost. */
void cp_reads_close(CpReads *reads, guint line);

/** The same, but daemons end by themselves because nobody uses them any more. */
void cp_reads_close_idle(CpReads *reads, guint line);

/** Lets time pass until `until_ns` (CLOCK_MONOTONIC). Meanwhile ended processes are reaped at once, and a read under
 * way may end. */
void cp_reads_pause(CpReads *reads, gint64 until_ns);

/** The same until the next wall-clock second begins. */
void cp_reads_pause_until_second(CpReads *reads);

/** Carries out `when-opened`, a step of `scenario`: waits until an emulator has opened the module.
 * CP_ERROR_UNTESTABLE if the read ends first. */
gboolean cp_reads_await_opened(CpReads *reads, const CpScenario *scenario, const CpStep *step, GError **error);

/** To be called before and after an operation on the host, which may stand in a read's block: what the operation opens
 * is not taken for what emulators open. */
void cp_reads_begin_operation(CpReads *reads);
void cp_reads_end_operation(CpReads *reads, const CpStep *step);
