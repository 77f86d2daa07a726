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
    documents->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return documents;
}

void
cp_documents_free(CpDocuments *documents)
{
    if (!documents)
        return;
    g_clear_pointer(&documents->bytes, g_bytes_unref);
    g_hash_table_unref(documents->known);
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

/* The digest of the document in a cache file with these bytes. */
static const char *
find_digest(CpDocuments *documents, GBytes *bytes)
{
    gsize length;
    const char *content = g_bytes_get_data(bytes, &length) ?: "";
    gsize skipped = cp_cached_document_skip_stamps(content, length);
    g_autofree char *rest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content + skipped, length - skipped);
    g_autofree char *key = g_strdup_printf("%d %s", skipped > 0, rest);
    const char *digest = g_hash_table_lookup(documents->known, key);
    if (digest)
        return digest;

    g_autofree char *canonical = cp_cached_document_canonical(content, length);
    char *told = cp_event_stream_document(documents->events, canonical ? canonical : "");
    g_hash_table_insert(documents->known, g_steal_pointer(&key), told);
    return told;
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
        documents->digest = find_digest(documents, bytes);
        g_clear_pointer(&documents->bytes, g_bytes_unref);
        documents->bytes = g_steal_pointer(&bytes);
    }
    return g_strdup(documents->digest);
}

JsonObject *
cp_documents_stamps(const CpDocuments *documents, const char *emulator)
{
    return documents->with_stamps ? cp_stamps_describe(documents->host, emulator) : NULL;
}
