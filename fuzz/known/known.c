/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps the known defects: which libvirt has, which are mended, and which explain a failure. */
#include "known/known.h"

#include "driver/property.h"

static const struct {
    const char *id;
    guint since;
    guint fixed;
    const char *place;
} rows[] = {
#define CP_KNOWN(row, id, since, fixed, place) { id, since, fixed, place },
#include "known/rows.def"
#undef CP_KNOWN
};

G_STATIC_ASSERT(CP_KNOWN_LAST <= 64);

static CpKnownSet mended;  /* what replaced functions correct */
static CpKnownSet applied; /* what they have corrected */

gboolean
cp_known_has(CpKnown row)
{
    return CP_LIBVIRT_VERSION >= rows[row].since && (rows[row].fixed == 0 || CP_LIBVIRT_VERSION < rows[row].fixed);
}

gboolean
cp_known_avoids(CpKnown row)
{
    return !cp_property_provoke && cp_known_has(row);
}

const char *
cp_known_shows(CpKnown row)
{
    cp_property_known(rows[row].id, rows[row].place);
    return rows[row].id;
}

const char *
cp_known_show(CpKnownSet set)
{
    const char *first = NULL;

    for (CpKnown row = 0; row < CP_KNOWN_LAST; row++) {
        if (set & CP_KNOWN_BIT(row)) {
            const char *id = cp_known_shows(row);

            first = first ? first : id;
        }
    }
    return first;
}

/* --- mending --- */

/* Sets what is mended: all that libvirt has, but `except`. */
static void
mend(CpKnownSet except)
{
    mended = 0;
    applied = 0;
    for (CpKnown row = 0; row < CP_KNOWN_LAST; row++) {
        if (cp_known_has(row))
            mended |= CP_KNOWN_BIT(row);
    }
    mended &= ~except;
}

void
cp_known_mend_all(void)
{
    mend(0);
}

void
cp_known_mend_none(void)
{
    mended = 0;
}

gboolean
cp_known_is_mending(void)
{
    return mended != 0;
}

gboolean
cp_known_is_mended(CpKnown row)
{
    return (mended & CP_KNOWN_BIT(row)) != 0;
}

void
cp_known_mended(CpKnown row)
{
    applied |= CP_KNOWN_BIT(row);
}

CpKnownSet
cp_known_explain(CpKnownAttempt attempt, gpointer data)
{
    mend(0);

    gboolean succeeds = attempt(data);
    CpKnownSet all = applied;
    CpKnownSet needed = 0;

    for (CpKnown row = 0; succeeds && row < CP_KNOWN_LAST; row++) {
        if (all & CP_KNOWN_BIT(row)) {
            mend(CP_KNOWN_BIT(row));
            if (!attempt(data))
                needed |= CP_KNOWN_BIT(row);
        }
    }
    cp_known_mend_none();
    /* Each of two rows may be enough by itself. */
    return succeeds && !needed ? all : needed;
}
