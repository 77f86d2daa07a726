/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a history tells to be true: answers, cached documents, and the truths that refer to them. */
#include "judge/truths.h"

#include <string.h>

#define QUESTION_DOMCAPS "domcaps "
#define SHOWN_LINES 20

/* What one pass found out. */
typedef struct {
    gboolean told;
    const CpAnswer *answer, *document;
    char *error, *lost;
    gint64 domain, code;
} Pass;

typedef struct {
    Pass passes[2];
    CpTruth truth; /* both passes together */
} Entry;

struct _CpTruths {
    GHashTable *answers, *documents; /* digest to CpAnswer */
    GHashTable *entries;             /* state and question to Entry */
    GPtrArray *differences;          /* of char * */
    char *question;                  /* of the first truth; NULL before it */
};

static void
entry_free(gpointer data)
{
    Entry *entry = data;
    for (gsize i = 0; i < G_N_ELEMENTS(entry->passes); i++) {
        g_free(entry->passes[i].error);
        g_free(entry->passes[i].lost);
    }
    g_free(entry);
}

CpTruths *
cp_truths_new(void)
{
    CpTruths *truths = g_new0(CpTruths, 1);
    truths->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cp_answer_free);
    truths->documents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cp_answer_free);
    truths->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    truths->differences = g_ptr_array_new_with_free_func(g_free);
    return truths;
}

void
cp_truths_free(CpTruths *truths)
{
    if (!truths)
        return;
    g_hash_table_unref(truths->answers);
    g_hash_table_unref(truths->documents);
    g_hash_table_unref(truths->entries);
    g_ptr_array_unref(truths->differences);
    g_free(truths->question);
    g_free(truths);
}

const CpAnswer *
cp_truths_answer(const CpTruths *truths, const char *digest)
{
    return digest ? g_hash_table_lookup(truths->answers, digest) : NULL;
}

const CpAnswer *
cp_truths_document(const CpTruths *truths, const char *digest)
{
    return digest ? g_hash_table_lookup(truths->documents, digest) : NULL;
}

static char *
key_of(const char *state, const char *question)
{
    return g_strdup_printf("%zu:%s%s", strlen(state), state, question);
}

const CpTruth *
cp_truths_find(const CpTruths *truths, const char *state, const char *question)
{
    if (!state)
        return NULL;
    g_autofree char *key = key_of(state, question);
    const Entry *entry = g_hash_table_lookup(truths->entries, key);
    return entry ? &entry->truth : NULL;
}

gboolean
cp_truths_have_documents(const CpTruths *truths)
{
    return g_hash_table_size(truths->documents) > 0;
}

/* Returns the emulator that a question is about; NULL if it is not about one. The caller owns it. */
static char *
emulator_of(const char *question)
{
    if (!g_str_has_prefix(question, QUESTION_DOMCAPS))
        return NULL;
    const char *emulator = question + strlen(QUESTION_DOMCAPS);
    return g_strndup(emulator, strcspn(emulator, " "));
}

gboolean
cp_truths_is_noted(const CpTruths *truths, const char *question)
{
    g_autofree char *emulator = emulator_of(question);
    g_autofree char *noted = truths->question ? emulator_of(truths->question) : g_strdup(emulator);
    return g_strcmp0(emulator, noted) == 0;
}

const char *
cp_truths_question(const CpTruths *truths)
{
    return truths->question;
}

const GPtrArray *
cp_truths_differences(const CpTruths *truths)
{
    return truths->differences;
}

/* Adds how the second pass differs from the first, as one line. */
static void
add_difference(CpTruths *truths, const CpEvent *event, const char *what, const CpAnswer *first, const CpAnswer *second)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "the two truths of state %.12s differ%s", event->state, what);
    g_auto(GStrv) facts = first && second ? cp_answer_difference(first, second) : g_new0(char *, 1);
    for (guint i = 0; facts[i] && i < SHOWN_LINES; i++)
        g_string_append_printf(line, "%s%s", i == 0 ? ": " : "; ", facts[i]);
    g_ptr_array_add(truths->differences, g_string_free(g_steal_pointer(&line), FALSE));
}

static gboolean
is_same(const CpAnswer *a, const CpAnswer *b)
{
    return a == b || (a && b && g_str_equal(a->canonical, b->canonical));
}

static gboolean
passes_agree(const Pass *a, const Pass *b)
{
    return !a->error == !b->error && is_same(a->answer, b->answer) && a->domain == b->domain && a->code == b->code;
}

/* Puts both passes together. A truth that was lost says nothing. */
static void
combine(CpTruths *truths, Entry *entry, const CpEvent *event)
{
    const Pass *first = &entry->passes[0], *second = &entry->passes[1];
    gboolean has_first = first->told && !first->lost, has_second = second->told && !second->lost;
    const Pass *pass = has_first ? first : second;

    entry->truth = (CpTruth){ 0 };
    if (!has_first && !has_second) {
        entry->truth.unknown = first->told ? first->lost : second->lost;
    } else if (has_first && has_second && !passes_agree(first, second)) {
        entry->truth.unknown = "libvirt with an empty cache said different things in this state";
        add_difference(truths, event, first->error || second->error ? ": an error and something else" : "",
                       first->answer, second->answer);
    } else {
        entry->truth = (CpTruth){
            .known = TRUE, .answer = pass->answer, .error = pass->error, .domain = pass->domain, .code = pass->code
        };
        entry->truth.document_known = !has_first || !has_second || is_same(first->document, second->document);
        entry->truth.document = entry->truth.document_known ? pass->document : NULL;
        if (!entry->truth.document_known)
            add_difference(truths, event, " in what libvirt keeps on disk", first->document, second->document);
    }
}

static const char *
learn_truth(CpTruths *truths, const CpEvent *event)
{
    char *key = key_of(event->state, event->question);
    Entry *entry = g_hash_table_lookup(truths->entries, key);
    if (!entry) {
        entry = g_new0(Entry, 1);
        g_hash_table_insert(truths->entries, key, entry);
    } else {
        g_free(key);
    }

    Pass *pass = &entry->passes[event->pass - 1];
    if (pass->told)
        return "a second truth of this state, question and pass";
    *pass = (Pass){
        .told = TRUE,
        .answer = cp_truths_answer(truths, event->answer),
        .document = cp_truths_document(truths, event->document),
        .error = g_strdup(event->error),
        .lost = g_strdup(event->lost),
        .domain = event->domain,
        .code = event->code,
    };
    if (!truths->question)
        truths->question = g_strdup(event->question);
    combine(truths, entry, event);
    return NULL;
}

const char *
cp_truths_add(CpTruths *truths, const CpEvent *event)
{
    gboolean document = event->type == CP_EVENT_DOCUMENT;
    if (event->type == CP_EVENT_TRUTH)
        return learn_truth(truths, event);
    if (event->type != CP_EVENT_ANSWER && !document)
        return NULL;

    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, event->xml, -1);
    if (!g_str_equal(digest, document ? event->document : event->answer))
        return document ? "'document' is not the SHA-256 of 'xml'" : "'answer' is not the SHA-256 of 'xml'";
    GHashTable *table = document ? truths->documents : truths->answers;
    if (!g_hash_table_contains(table, digest))
        g_hash_table_insert(table, g_steal_pointer(&digest), cp_answer_new(event->xml));
    return NULL;
}
