/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The simulated host: its states, what is true in them, and what a history tells about that. */
#pragma once

#include "model.h"

/* A state is a set of facts. The last two show neither in an answer nor in a document. */
enum { FACT_A = 1, FACT_B = 2, FACT_HIDDEN = 4, FACT_KVM = 8, FACT_BROKEN = 16, FACT_NAME = 32, STATES = 64 };

/* A document is the facts in it. An answer is those without FACT_HIDDEN. */
enum { DOCUMENTS = 16, DOCUMENT_UNREADABLE = DOCUMENTS, DOCUMENT_NONE };

/* Two questions about the emulator, one about another emulator, and one about all. */
enum { QUESTION_RUN, QUESTION_FLAGS, QUESTION_OTHER, QUESTION_ALL, QUESTIONS };

/* What the history tells about a state. */
typedef struct {
    gboolean outcome, document; /* this is known */
} Told;

typedef struct {
    guint state;
    gint64 stamp;                   /* the directory's time */
    gint64 begin_ns, at_ns, end_ns; /* of the operation that led to it; it happened at `at_ns` */
    gboolean obscure;               /* the history does not tell it: a step within an operation */
} HostState;

typedef struct {
    gboolean documented; /* the history notes documents; else no state has FACT_HIDDEN */
    gboolean saved;      /* there are any to be noted */
    Told told[STATES][QUESTIONS];
    GArray *states; /* of HostState: all of this round */
} Host;

/** Tells the begin of a history. `noted`: it says that documents are noted. */
void host_tell_begin(GPtrArray *events, guint32 seed, gboolean noted);

Host *host_new(GRand *random, gboolean documented, gboolean saved, GPtrArray *events);
void host_free(Host *host);

/** Returns the state at a moment. */
const HostState *host_at(const Host *host, gint64 ns);

guint host_document(guint state);

/** Tells how a question ended: with the answer made from `document`, or, if that is DOCUMENT_NONE, with the state's error. */
void host_tell(CpEvent *event, guint question, guint document, guint state, gboolean layout);
void host_tell_document(CpEvent *event, guint document);

/** What is true of a read that ended so. */
CpVerdict host_verdict(const Host *host, const CpEvent *read, guint question, guint document, guint state);
CpRefresh host_refresh(const Host *host, const CpEvent *read, guint question, guint cached);
gboolean host_hidden(const Host *host, const CpEvent *read, guint question, guint disk);

/** Whether a state was live that the history does not tell. */
gboolean host_is_obscure(const Host *host, const CpEvent *read);

/** Whether a state that was live is known to have this document. */
gboolean host_is_live(const Host *host, const CpEvent *read, guint question, guint document);
