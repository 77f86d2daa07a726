/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What happened, one event a line: the schema capprobe.history/1.
 *
 * A history is a JSON object a line. The first is a `history` event, the last an `end` event. Rounds follow one another
 * and do not overlap; what happened in a round lies between its `round` and its `round-end`. An `answer` comes before
 * what names it. Times are of CLOCK_MONOTONIC, in ns.
 *
 *   type       members
 *   history    schema, environment (object), seed
 *   scenario   scenario (name), file, text
 *   skip       scenario, error (why it could not be tested here)
 *   answer     answer (SHA-256 of xml), xml (as libvirt gave it)
 *   truth      state, answer or error: what libvirt with an empty cache says of that state
 *   round      scenario, round (from 1), state, begin_ns
 *   operation  line, name, args, effect, begin_ns, end_ns, state (afterwards)
 *   read       line, name ("read" or "prime"), begin_ns (call), end_ns (return), answer or error,
 *              emulators (ended since the call), user_ns, system_ns (their CPU time), max_rss_kb (the largest's)
 *   expect     line, args: about the read before
 *   round-end  end_ns, libvirt_ns (time within libvirt's calls since `round`)
 *   profile    scenario, begin_ns, end_ns (of a refresh under libvirt's debug log), phases (object: name to ns)
 *   end        status (CpExit, of the runner alone), error ("" for a run that was carried out whole, else why it was not)
 *
 * `state` is a digest of all that an emulator's answers depend on: the files of the module directory, the emulator,
 * KVM, the query.
 */
#pragma once

#include "base/json.h"
#include "scenario/operation-table.h"

#define CP_HISTORY_SCHEMA "capprobe.history/1"

typedef enum {
    CP_EVENT_HISTORY,
    CP_EVENT_SCENARIO,
    CP_EVENT_SKIP,
    CP_EVENT_ANSWER,
    CP_EVENT_TRUTH,
    CP_EVENT_ROUND,
    CP_EVENT_OPERATION,
    CP_EVENT_READ,
    CP_EVENT_EXPECT,
    CP_EVENT_ROUND_END,
    CP_EVENT_PROFILE,
    CP_EVENT_END,
    CP_EVENT_LAST
} CpEventType;

/** One event. Members that its type does not have are 0 or NULL; strings and objects are owned by it. */
typedef struct {
    CpEventType type;
    char *schema, *scenario, *file, *text, *error, *answer, *xml, *state, *name, *effect;
    gint64 seed, round, line, begin_ns, end_ns, libvirt_ns;
    gint64 emulators, user_ns, system_ns, max_rss_kb, status;
    char **args;
    JsonObject *environment, *phases;
} CpEvent;

CpEvent *cp_event_new(CpEventType type);
void cp_event_free(CpEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpEvent, cp_event_free)

/** The event as one line of JSON, without its newline. The caller owns it. */
char *cp_event_write(const CpEvent *event);

/** Reads line `line` of `file`. Refuses what is not an event with "FILE:LINE:COLUMN: ..." (CP_ERROR_USAGE). */
CpEvent *cp_event_read(const char *file, guint line, const char *text, gsize length, GError **error);
