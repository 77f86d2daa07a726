/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known defects: the pages corpus/bugs/ID/about.md. scripts/bugs.sh describes their fields. */
#pragma once

#include <glib.h>

/** What a page says. Members that the page does not have are NULL. */
typedef struct {
    char *page;    /* its path */
    char *id;      /* also the name of its folder */
    char *symptom; /* in one line */
    char *kind, *since;
    char *fixed;          /* the first version of libvirt without the defect; NULL if no version has fixed it */
    GStrv seen;           /* versions of libvirt, oldest first */
    char *scenario;       /* the path of the scenario that shows it */
    char *target, *input; /* the fuzz target that shows it, and the path of that one's input; both or none */
    char *crash;          /* a text of the report, if the input ends the process */
    char *qemu_fixed;     /* the first version of QEMU with which it does not show */
    GStrv made_for;       /* versions of libvirt on which the input shows it; NULL for all that have it */
    GStrv not_on;         /* targets on which the scenario does not show it, such as "session" */
    char *deadline;       /* of the scenario's reads, as for --deadline */
    char *steps;          /* the path of shell steps that show it by libvirt's public API, if there is no scenario */
    char *hidden;         /* why there are no such steps */
} CpBug;

/** What the page of a defect lets expect of a version of libvirt. */
typedef enum {
    CP_BUG_SHOWS,   /* it was seen on this version */
    CP_BUG_LIKELY,  /* this version was not tried, but others before or after it have the defect */
    CP_BUG_ABSENT,  /* the version does not have it, or it does not show on the target */
    CP_BUG_UNKNOWN, /* the version is not known */
    CP_BUG_FORECASTS
} CpBugForecast;

/**
 * Reads the page `file`. If a field is missing or the page says nothing that shows the defect, returns NULL with `error`
 * set (CP_ERROR_USAGE) to "FILE: what is wrong". The files that it names are not looked for.
 */
CpBug *cp_bug_load(const char *file, GError **error);
void cp_bug_free(CpBug *bug);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpBug, cp_bug_free)

/** Reads the pages of all folders in `folder`. Returns an array of CpBug in the order of their IDs, which the caller owns. */
GPtrArray *cp_bugs_load(const char *folder, GError **error);

/** Returns the defect `id` of such an array, or NULL. */
const CpBug *cp_bugs_find(const GPtrArray *bugs, const char *id);

/**
 * Says what to expect of these versions of libvirt and QEMU, such as "9.0.0", on `target`, such as "embed". NULL stands for
 * what is not known: then the result is CP_BUG_UNKNOWN without libvirt's version, and as if the other did not matter. If
 * only an input of a fuzz target shows the defect, `target` does not matter.
 */
CpBugForecast cp_bug_forecast(const CpBug *bug, const char *libvirt, const char *qemu, const char *target);

/** The words for a forecast, such as "was seen". */
const char *cp_bug_forecast_name(CpBugForecast forecast);
