/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known defects of libvirt: which ones it has, which ones are mended now, and which of them explain a failure. */
#pragma once

#include <glib.h>

/*
 * A campaign that stopped at each known defect would find nothing else. But a defect explains a failure only if the
 * failure disappears when libvirt is mended: its functions are replaced by ones without the defect (world/mend-*.c). What
 * still fails then is something else, and is reported.
 */

/** A row of rows.def: a place where a known defect shows. */
typedef enum {
#define CP_KNOWN(row, id, since, fixed, place) CP_KNOWN_##row,
#include "known/rows.def"
#undef CP_KNOWN
    CP_KNOWN_LAST
} CpKnown;

/** Rows, one bit each. */
typedef guint64 CpKnownSet;
#define CP_KNOWN_BIT(row) (G_GUINT64_CONSTANT(1) << (row))

/** Returns whether the libvirt under test has the defect. */
gboolean cp_known_has(CpKnown row);

/** Returns whether it has the defect, and that must be avoided: not with --provoke. */
gboolean cp_known_avoids(CpKnown row);

/** Notes that a row has shown itself (cp_property_known()). Returns the defect's id, a folder of corpus/bugs. */
const char *cp_known_shows(CpKnown row);

/** Notes all `rows`. Returns the id of the first one, or NULL if there are none. */
const char *cp_known_show(CpKnownSet rows);

/** Mends all defects that libvirt has, until cp_known_mend_none(). */
void cp_known_mend_all(void);
void cp_known_mend_none(void);

/** Returns whether anything is mended. */
gboolean cp_known_is_mending(void);

/** Returns whether a replaced function must behave as if libvirt did not have the defect. */
gboolean cp_known_is_mended(CpKnown row);

/** Notes that a replaced function has behaved differently because a row is mended. */
void cp_known_mended(CpKnown row);

/** Does again, with `data`, what failed. Returns whether it succeeds. Reports nothing. */
typedef gboolean (*CpKnownAttempt)(gpointer data);

/**
 * Returns the rows that explain why `attempt` fails: it succeeds if all are mended, and fails if one of them is not. The
 * set is empty if the attempt still fails; `data` then says how. It is also empty if no row was mended.
 */
CpKnownSet cp_known_explain(CpKnownAttempt attempt, gpointer data);
