/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A statement: what a libvirt said when it was asked once. */
#include "history/statement.h"

/* Returns a copy of the text that the digest stands for. */
static char *
find_text(const GPtrArray *events, CpEventType type, const char *digest)
{
    for (guint i = 0; digest && i < events->len; i++) {
        const CpEvent *event = events->pdata[i];
        if (event->type == type && g_strcmp0(type == CP_EVENT_ANSWER ? event->answer : event->document, digest) == 0)
            return g_strdup(event->xml);
    }
    return NULL;
}

CpStatement *
cp_statement_new(const GPtrArray *events)
{
    for (guint i = 0; i < events->len; i++) {
        const CpEvent *event = events->pdata[i];
        if (event->type != CP_EVENT_TRUTH)
            continue;
        CpStatement *statement = g_new0(CpStatement, 1);
        statement->answer = find_text(events, CP_EVENT_ANSWER, event->answer);
        statement->error = g_strdup(event->error);
        statement->domain = event->domain;
        statement->code = event->code;
        statement->lost = g_strdup(event->lost);
        statement->document = find_text(events, CP_EVENT_DOCUMENT, event->document);
        return statement;
    }
    return NULL;
}

void
cp_statement_free(CpStatement *statement)
{
    if (!statement)
        return;
    g_free(statement->answer);
    g_free(statement->error);
    g_free(statement->lost);
    g_free(statement->document);
    g_free(statement);
}
