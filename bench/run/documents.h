/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt has on disk is noted in the history. Runs in the sandbox's init. */
#pragma once

#include "run/event-stream.h"
#include "run/host/host.h"

typedef struct {
    const CpHost *host;    /* borrowed */
    CpEventStream *events; /* borrowed */
    GBytes *bytes;         /* of the cache file when it was last noted, or NULL */
    const char *digest;    /* of its document; owned by `known` */
    GHashTable *known;     /* digest of a cache file's bytes, without its first stamps -> digest of its document */
    gboolean with_stamps;  /* cp_documents_stamps() notes something */
} CpDocuments;

/** Both arguments are borrowed. */
CpDocuments *cp_documents_new(const CpHost *host, CpEventStream *events);
void cp_documents_free(CpDocuments *documents);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpDocuments, cp_documents_free)

/**
 * Notes the document that libvirt now keeps about `emulator`, a path: writes a `document` event unless there was one,
 * and returns its digest, which the caller owns. NULL if there is no cache file. A file that is not XML is an empty
 * document.
 */
char *cp_documents_note(CpDocuments *documents, const char *emulator);

/** Describes what libvirt would compare about `emulator` now, see stamps.h. NULL unless that is wanted. The caller owns it. */
JsonObject *cp_documents_stamps(const CpDocuments *documents, const char *emulator);
