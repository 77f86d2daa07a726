/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One question to a libvirt that is started for it alone. Runs in the sandbox's init. */
#pragma once

#include "run/documents.h"
#include "run/session.h"

/**
 * Opens libvirt, asks, closes it, and writes a `truth` event without a state, of pass 1, before which there may be an answer
 * and a document. `documents` is NULL if what libvirt keeps on disk is not to be noted. That libvirt cannot be opened or is
 * lost is told by the event.
 */
gboolean
cp_tell(CpSession *session, const CpQuestion *question, CpEventStream *events, CpDocuments *documents, GError **error);
