/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Series: figures of one kind from an archive, one after the other in time. */
#pragma once

#include "archive/archive.h"
#include "measure/level-changes.h"

typedef struct {
    gint64 result, environment; /* their ids */
    gint64 time_us;             /* since 1970 */
    double value;
} CpPoint;

/** All figures with the same machine, variant, scenario and metric. */
typedef struct {
    gint64 id;
    char *machine, *variant, *scenario;
    char *metric;       /* the label of a line, or "line N"; or a count, such as "wrong per round" */
    gboolean is_time;   /* it is the median time of a line, in ns */
    gint64 accepted_us; /* its changes up to this time are accepted; G_MININT64 for none */
    GArray *points;     /* of CpPoint, by time */
} CpSeries;

/** What is asked for: patterns with '*' and '?'. NULL for anything. */
typedef struct {
    char *const *scenarios, *const *variants; /* any of these */
    const char *machine, *metric;
} CpFilter;

/** Returns whether the filter takes these; NULL for what is not known of them. */
gboolean cp_filter_takes(
    const CpFilter *filter, const char *machine, const char *variant, const char *scenario, const char *metric);

/** Returns the series that the filter takes, with their points if `with_points`, in the order of their names: of CpSeries. */
GPtrArray *cp_archive_series(CpArchive *archive, const CpFilter *filter, gboolean with_points, GError **error);

/** Returns the changes of a series, of CpLevelChange. The caller owns the array. */
GArray *cp_series_changes(const CpSeries *series);

/** Returns whether a change is accepted. */
gboolean cp_series_is_accepted(const CpSeries *series, const CpLevelChange *change);

/** A better level of that many results is not just noise. */
#define CP_SERIES_LASTING 10

/** Returns whether a change is for the worse, certain and not accepted, and stands, or takes back an improvement that was accepted or
 * has lasted for CP_SERIES_LASTING results. */
gboolean cp_series_is_open(const CpSeries *series, const CpLevelChange *change);
