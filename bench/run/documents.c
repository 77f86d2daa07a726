/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt has on disk is noted in the history. Runs in the sandbox's init. */
#include "run/documents.h"

#include "run/host/cached-document.h"
#include "run/host/stamps.h"

CpDocuments *
cp_documents_new(const CpHost *host, CpEventStream *events)
{
    CpDocuments *documents = g_new0(CpDocuments, 1);
    documents->host = host;
    documents->events = events;
    return documents;
}

static void
forget(CpDocuments *documents)
{
    g_clear_pointer(&documents->bytes, g_bytes_unref);
    g_clear_pointer(&documents->digest, g_free);
}

void
cp_documents_free(CpDocuments *documents)
{
    if (!documents)
        return;
    forget(documents);
    g_free(documents);
}

/* The content of a file; empty if it cannot be read, NULL if it does not exist. */
static GBytes *
read_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    char *content = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &content, &length, &error) &&
        g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return NULL;
    return g_bytes_new_take(content, length);
}

char *
cp_documents_note(CpDocuments *documents, const char *emulator)
{
    g_autofree char *path = cp_cached_document_path(documents->host->cache_dir, emulator);
    g_autoptr(GBytes) bytes = read_file(path);
    if (!bytes)
        return NULL;

    /* To parse the document takes milliseconds, to compare it does not. */
    if (!documents->bytes || !g_bytes_equal(bytes, documents->bytes)) {
        gsize length;
        const char *content = g_bytes_get_data(bytes, &length);
        g_autofree char *canonical = cp_cached_document_canonical(content ? content : "", length);
        forget(documents);
        documents->bytes = g_steal_pointer(&bytes);
        documents->digest = cp_event_stream_document(documents->events, canonical ? canonical : "");
    }
    return g_strdup(documents->digest);
}

JsonObject *
cp_documents_stamps(const CpDocuments *documents, const char *emulator)
{
    return documents->with_stamps ? cp_stamps_describe(documents->host, emulator) : NULL;
}
