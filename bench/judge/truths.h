/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a history tells to be true: answers, cached documents, and the truths that refer to them. */
#pragma once

#include "history/event.h"
#include "judge/answer.h"

/** The truth of a state for a question, from one pass or from two that agree. */
typedef struct {
    gboolean known;           /* how libvirt ends with an empty cache; else `unknown` says why that is not known */
    const CpAnswer *answer;   /* NULL if it ends in an error */
    const char *error;        /* NULL if it ends in an answer */
    gint64 domain, code;      /* of the error */
    const char *unknown;      /* NULL if known */
    gboolean document_known;  /* what libvirt keeps on disk then */
    const CpAnswer *document; /* NULL if it keeps nothing */
} CpTruth;

typedef struct _CpTruths CpTruths;

CpTruths *cp_truths_new(void);
void cp_truths_free(CpTruths *truths);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpTruths, cp_truths_free)

/** Adds what is told by an `answer`, `document` or `truth` event; takes no notice of others. Returns NULL, or why the event
 * contradicts itself or one before it. The text is static. */
const char *cp_truths_add(CpTruths *truths, const CpEvent *event);

/** Returns the answer or document of this digest; NULL if `digest` is NULL or was not told. */
const CpAnswer *cp_truths_answer(const CpTruths *truths, const char *digest);
const CpAnswer *cp_truths_document(const CpTruths *truths, const char *digest);

/** Returns the truth, or NULL if it was not told. A `state` of NULL has none. */
const CpTruth *cp_truths_find(const CpTruths *truths, const char *state, const char *question);

/** Returns whether documents were told. */
gboolean cp_truths_have_documents(const CpTruths *truths);

/** Returns the question of the first truth, which is that of the run; NULL if there is none. */
const char *cp_truths_question(const CpTruths *truths);

/** Returns whether `question` is about the emulator of the first truth, whose cached document is noted. */
gboolean cp_truths_is_noted(const CpTruths *truths, const char *question);

/** Returns how the two passes of truths differ, one line per truth: of char *, borrowed. */
const GPtrArray *cp_truths_differences(const CpTruths *truths);
