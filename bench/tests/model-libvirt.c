/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The simulated libvirt: what is in its two caches, and how it uses them. */
#include "model-libvirt.h"

static const Entry empty = { .document = DOCUMENT_NONE };

static gboolean
is_valid(const Simulation *s, const Entry *entry, const HostState *host)
{
    gint64 unit = has(s, MODEL_SECONDS) ? SECOND : 1;
    if (has(s, MODEL_ALWAYS_VALID) || has(s, MODEL_NEVER_VALID))
        return has(s, MODEL_ALWAYS_VALID);
    return entry->stamp / unit == host->stamp / unit && ((entry->document ^ host->state) & FACT_KVM) == 0;
}

/* Starts an emulator, and keeps what it says. */
static void
probe(Simulation *s, Call *call)
{
    guint first = host_at(s->host, call->look)->state, second = host_at(s->host, call->look_again)->state;
    call->emulators = 1;
    call->state = has(s, MODEL_MIXES) ? (first & ~(guint)FACT_B) | (second & FACT_B) : first;
    if (has(s, MODEL_WRONG) && below(s, 8) == 0)
        call->state ^= below(s, 2) ? FACT_A : s->host->documented ? FACT_HIDDEN : FACT_B;
    call->document = host_document(call->state);
    gint64 stamp = host_at(s->host, has(s, MODEL_STAMP_AFTER) ? call->note : call->check)->stamp;
    if (call->document == DOCUMENT_NONE) {
        s->failed = has(s, MODEL_ERRORS_CACHED);
        s->failed_state = call->state;
        s->failed_stamp = stamp;
        return;
    }
    s->memory = (Entry){ call->document, stamp, FALSE };
    if (!has(s, MODEL_NEVER_SAVES) && (!has(s, MODEL_UNSAVED) || below(s, 2)))
        s->disk = s->memory;
}

void
libvirt_look_up(Simulation *s, Call *call)
{
    const HostState *host = host_at(s->host, call->check);
    if (s->failed && s->failed_stamp == host->stamp) {
        call->document = DOCUMENT_NONE;
        call->state = s->failed_state;
        return;
    }
    s->failed = FALSE;
    if (s->memory.document != DOCUMENT_NONE && !is_valid(s, &s->memory, host))
        s->memory = empty;
    if (s->memory.document == DOCUMENT_NONE && s->disk.document < DOCUMENTS && !s->disk.foreign) {
        if (is_valid(s, &s->disk, host))
            s->memory = s->disk;
        else
            s->disk = empty;
    }
    if (s->memory.document == DOCUMENT_NONE)
        probe(s, call);
    else
        call->document = s->memory.document;
}

void
libvirt_restart(Simulation *s)
{
    s->memory = empty;
    s->failed = s->obscure = FALSE;
}
