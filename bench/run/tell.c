/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One question to a libvirt that is started for it alone. Runs in the sandbox's init. */
#include "run/tell.h"

gboolean
cp_tell(CpSession *session, const CpQuestion *question, CpEventStream *events, CpDocuments *documents, GError **error)
{
    g_auto(CpOutcome) outcome = { 0 }, closed = { 0 };
    if (!cp_session_open(session, error))
        return FALSE;
    if (cp_session_ask(session, question, &outcome))
        cp_session_wait(session, 0, -1, &outcome);

    CpEvent *event = cp_event_new(CP_EVENT_TRUTH);
    event->question = g_strdup(question->name);
    event->state = g_strdup("");
    event->pass = 1;
    event->emulators = cp_session_emulators(session);
    if (documents && question->emulator && !outcome.lost)
        event->document = cp_documents_note(documents, question->emulator);
    cp_session_close(session, &closed);
    cp_event_stream_set_outcome(events, event, &outcome);
    cp_event_stream_write(events, event);
    return TRUE;
}
