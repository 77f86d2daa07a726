/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of a history: the schema capprobe.history/2. */
/*
 * A history has one JSON object per line, each of which is an event. The first is a `history` event, the last an `end`
 * event; a history without an `end` was cut off. Rounds follow each other without overlap; the events of a round are
 * between its `round` and its `round-end` or `untestable`. An `answer` or `document` event comes before the events that
 * refer to it. Times are of CLOCK_MONOTONIC, in ns. Members in brackets may be missing.
 *
 *   type        members
 *   history     schema, environment (object), seed, [documents] (true: what libvirt keeps on disk is noted after each
 *               truth, operation and read)
 *   variant     variant (its name), environment (object): what is tested beside others in this run
 *   scenario    scenario (its name), file, text
 *   skip        scenario, error (why it cannot be tested here), needs (1: a `needs` step is not met, so nothing was run;
 *               0: it could not be carried out to its end), [again] (true: its truths could not be learned again). It is
 *               before the first round of the scenario, or within a round, which it ends, or has `again`
 *   answer      answer (SHA-256 of xml), xml (as libvirt returned it)
 *   document    document (SHA-256 of xml), xml (what libvirt keeps on disk about the emulator of the run, as Canonical
 *               XML and without stamps)
 *   truth       state, question, pass (1 or 2), OUTCOME, [document], emulators: what libvirt says in that state with an
 *               empty cache, or one that holds nothing but other truths of that state, and what it keeps then
 *   round       scenario, round (from 1), state, begin_ns
 *   operation   line, name, args, effect, begin_ns, end_ns, state (after it), [document] (after it; not for `start` and
 *               for steps of the effect `time`, which change nothing on the host), [log] (lines that package managers have
 *               logged meanwhile)
 *   read        line, name ("read", "prime", "ask", "settle", or "close" if libvirt was lost when its connection was
 *               closed), [label], question, begin_ns (call), end_ns (return), OUTCOME, [document] (after it), emulators
 *               (that were started since the call), user_ns, system_ns (CPU time of those that ended), max_rss_kb (of
 *               the largest), libvirt_user_ns, libvirt_system_ns (libvirt's own CPU time; that of a daemon is all in the
 *               first), [libvirt_instructions, emulator_instructions] (in user space; both are missing if they were not
 *               counted, the second also if it is 0), [stamps] (object: what libvirt compared just before, see
 *               run/host/stamps.h), [ran_ns] (how long a watched command had run by the call, less the time for which it
 *               was held; 0 before it)
 *               Of a client of `clients`: name "clients", client (its number, from 1), planned_ns (when it was to begin;
 *               from then on its latency counts).
 *               Beside clients nobody can tell for which of the readers an emulator was started. So all reads have
 *               `emulators` and CPU times of 0, and no `document`; but [probing] (true: an emulator ran at some time between
 *               the planned begin and the end)
 *   clients     line, clients (their number, with the one beside), rate (reads per second that each plans), question (of all
 *               but the one beside), [beside] (the question of that one, the last), begin_ns (all are connected), [admin]:
 *               from here on clients read beside each other
 *   clients-end line, end_ns (all have ended their reads), reads (how many they made), [lost] (what became of libvirt),
 *               [document] (afterwards), emulators, user_ns, system_ns, max_rss_kb, libvirt_user_ns, libvirt_system_ns (of
 *               all since `clients`), [admin]
 *   settle      line, [label], limit_ns, begin_ns, end_ns: ends the reads "settle" before it. They are right in time if one
 *               is fresh that returned within limit_ns of the end of the last change of the state
 *   expect      line, column (of what it expects: the path, if there is one), args: about the previous read
 *   round-end   end_ns, libvirt_ns (time in libvirt's calls since `round`), [status, ran_ns] (of a watched command: its
 *               exit status, or 128 and the number of the signal that killed it; how long it ran)
 *   untestable  end_ns, error: ends a round whose timing did not come about, so that its reads do not count
 *   profile     scenario, begin_ns, end_ns (of a refresh with libvirt's debug log), phases (object: name to ns)
 *   end         status (CpExit of the run, without the verdicts), error ("" if the run is complete and libvirt
 *               closed its connections, else why not)
 *
 * OUTCOME is exactly one of: `answer`; `error` (libvirt's message) with `domain` and `code` (virErrorDomain and
 * virErrorNumber); `lost` (what became of libvirt: it missed the deadline, it died, its answer makes no sense).
 *
 * A run of several variants has a `variant` event for each, right after `history`. Then every `skip`, `answer`,
 * `document`, `truth`, `round` and `profile` has the member `variant`, and refers only to what was told of the same
 * variant. The events within a round belong to the variant of the round. A run of one variant has none of this.
 *
 * The reads of one client follow each other; those of different clients, and of others beside them, overlap. A read comes
 * after every operation that began before the read ended. `admin` (object) is what the daemon that clients connect to says
 * of itself through libvirt's interface for administrators: clients, clients_max, workers, workers_max, workers_free, jobs
 * (those that wait for a worker).
 *
 * `question` names what was asked: "domcaps EMULATOR ARCH MACHINE VIRTTYPE FLAGS" with "-" for libvirt's choice, or
 * "capabilities". `state` is a digest of everything that the truths depend on: the files in the module directory, the
 * emulator, KVM. If documents are noted, a missing `document` says that libvirt keeps nothing. They are noted as well if
 * the history tells any, whatever its `history` event says: those of older versions do not have the member. An operation
 * of the effect "any" went through states that are not told. In a watch such an operation is a time in which the command
 * changed something, and a state is a digest of what was changed, with the times of files.
 */
#pragma once

#include "base/json.h"
#include "scenario/operation-table.h"

#define CP_HISTORY_SCHEMA "capprobe.history/2"

typedef enum {
    CP_EVENT_HISTORY,
    CP_EVENT_SCENARIO,
    CP_EVENT_SKIP,
    CP_EVENT_ANSWER,
    CP_EVENT_DOCUMENT,
    CP_EVENT_TRUTH,
    CP_EVENT_ROUND,
    CP_EVENT_OPERATION,
    CP_EVENT_READ,
    CP_EVENT_SETTLE,
    CP_EVENT_EXPECT,
    CP_EVENT_ROUND_END,
    CP_EVENT_UNTESTABLE,
    CP_EVENT_PROFILE,
    CP_EVENT_END,
    CP_EVENT_VARIANT,
    CP_EVENT_CLIENTS,
    CP_EVENT_CLIENTS_END,
    CP_EVENT_LAST
} CpEventType;

/** An event. It owns its strings and objects. Members that its type does not have are 0 or NULL. */
typedef struct {
    CpEventType type;
    char *schema, *variant, *scenario, *file, *text, *state, *name, *label, *effect, *question;
    char *answer, *error, *lost, *document, *xml, *beside;
    gint64 seed, needs, round, line, column, pass, begin_ns, end_ns, libvirt_ns, limit_ns, domain, code;
    gint64 emulators, user_ns, system_ns, max_rss_kb, libvirt_user_ns, libvirt_system_ns, status, ran_ns;
    gint64 libvirt_instructions, emulator_instructions;
    gint64 client, planned_ns, clients, rate, reads;
    gboolean documents, again, probing;
    char **args, **log;
    JsonObject *environment, *phases, *stamps, *admin;
} CpEvent;

CpEvent *cp_event_new(CpEventType type);
void cp_event_free(CpEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpEvent, cp_event_free)

/** Whether events of this type name their variant, if the run has several. */
gboolean cp_event_is_of_variant(CpEventType type);

/** Whether `name` can be the name of a variant: 1 to 64 letters, digits, and characters of "._+-". */
gboolean cp_event_is_variant_name(const char *name);

/** Writes the event as one line of JSON, without the newline. The caller owns it. */
char *cp_event_write(const CpEvent *event);

/** Reads `text`, which is line `line` of `file`. If it is not an event, returns NULL with `error` set to
 * "FILE:LINE:COLUMN: ..." (CP_ERROR_USAGE). */
CpEvent *cp_event_read(const char *file, guint line, const char *text, gsize length, GError **error);

/**
 * Checks how a run ended, as histories and results record it: `status` must be an exit status of capprobe, and 0 does not
 * go with a `reason` why the run is not complete. Refuses anything else at the members "status" and "error" of `json`.
 */
gboolean cp_event_check_status(const CpJson *json, gint64 status, const char *reason, GError **error);
