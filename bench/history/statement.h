/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A statement: what a libvirt said when it was asked once, with its texts in full. */
#pragma once

#include "history/event.h"

/** Exactly one of `answer`, `error` and `lost` is set. It owns its strings. */
typedef struct {
    char *answer;        /* as libvirt returned it */
    char *error;         /* libvirt's message */
    gint64 domain, code; /* of the error: a virErrorDomain and a virErrorNumber */
    char *lost;          /* what became of libvirt, if it neither answered nor failed */
    char *
        document; /* what libvirt kept on disk then, as Canonical XML without stamps; NULL if it kept nothing, or that is not known */
    gint64 took_ns; /* how long it took to start libvirt, to ask and to end it; 0 if not known */
} CpStatement;

/** Returns the statement in `events`, an array of CpEvent: their `truth`, with the answer and the document that it refers to.
 * NULL if they have no `truth`. */
CpStatement *cp_statement_new(const GPtrArray *events);
void cp_statement_free(CpStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpStatement, cp_statement_free)
