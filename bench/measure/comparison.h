/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons: what differs between two things that were tested, "a" (the base) and "b" (the new one). */
/*
 * Times are compared per line of a scenario. The value of a round is the median of its fresh samples. If both sides are
 * variants of one run, rounds 2k - 1 and 2k are a block, which was run as A B B A or B A A B, at random. The means of its two
 * values on either side are a pair, and the shift is that of the pairs. The two differences of a block are not independent:
 * what comes of the order is in both. Samples of two runs have no pairs; then the shift is that of two groups. A ratio is a shift divided by the median
 * of "a": 0.05 is 5 %. Positive shifts mean that "b" is slower.
 */
#pragma once

#include "measure/result.h"

/** How the time of a line has changed. */
typedef enum {
    CP_CHANGE_UNCHANGED,    /* by less than matters, for certain */
    CP_CHANGE_FASTER,       /* for certain */
    CP_CHANGE_SLOWER,       /* for certain */
    CP_CHANGE_INCONCLUSIVE, /* the run is too short or too noisy to tell */
    CP_CHANGE_LAST
} CpChange;

/** What is said on the whole. */
typedef enum {
    CP_OVERALL_UNCHANGED,    /* every line is, and every read is as right as before */
    CP_OVERALL_IMPROVED,     /* something is better, nothing is worse, everything else is unchanged */
    CP_OVERALL_REGRESSED,    /* something is worse */
    CP_OVERALL_INCONCLUSIVE, /* nothing is known to be worse, but not everything could be decided */
    CP_OVERALL_MACHINE,      /* all lines have moved alike: the machine has, not what was tested */
    CP_OVERALL_LAST
} CpOverall;

/** Whether a second, independent run has seen the same. */
typedef enum {
    CP_SECOND_NONE,      /* there was no second run */
    CP_SECOND_CONFIRMED, /* it has */
    CP_SECOND_REFUTED,   /* it has not: the change does not count */
    CP_SECOND_LAST
} CpSecond;

/** When a change counts. Ratios. */
typedef struct {
    double alpha;     /* the probability at which a difference is taken for real: 0.05 */
    double threshold; /* a line is faster or slower only if it is so by more than this, for certain; 0 for any change */
    double margin;    /* a line is unchanged if it has changed by less than this, or than the threshold, for certain */
    gint64 first_round, last_round; /* only the times of these are compared; 0 for all */
} CpComparisonRule;

/** The rule if nothing else is said: any change counts, and less than 5 % does not matter. */
#define CP_COMPARISON_RULE                                                                                             \
    {                                                                                                                  \
        .alpha = 0.05, .threshold = 0, .margin = 0.05                                                                  \
    }

/** One side of a comparison. Borrowed; it must live as long as the comparison. */
typedef struct {
    const CpResult *result;
    const char *variant; /* NULL for the only one */
} CpCompared;

/** The samples of one side of a line. */
typedef struct {
    gsize samples, rounds;
    double median; /* of all samples */
    gsize warm_up; /* the number of rounds at the begin that were far slower than the others; they are not left out */
} CpComparedSide;

/** A line of a scenario: its times in ns, or one of its costs in ns or in instructions. */
typedef struct {
    const char *scenario, *label; /* label: NULL if it has none. Both are owned by the results */
    gint64 line;
    CpComparedSide a, b;
    gsize pairs;       /* the number of pairs of rounds; 0 if there are none, because they are of different runs */
    gboolean interval; /* there are enough rounds for low and high: at least CP_INTERVAL_MIN_N */
    double shift;      /* the estimate of Hodges and Lehmann */
    double shift_low, shift_high; /* confidence interval of the shift at 95 % or more */
    double ratio, low, high;      /* the same three as ratios */
    double p, p_holm;    /* of the test of ranks, two-sided; and with Holm's allowance for the number of lines */
    double delta;        /* effect size: Cliff's delta, -1 to 1; positive if "b" is slower */
    double floor;        /* ratio: changes up to this one are noise of the machine; 0 if it was not measured */
    double visible;      /* ratio: the smallest change that this run sees in 9 of 10 cases; INFINITY if it sees none */
    gsize rounds_needed; /* to see changes as small as the rule says; 0 if this run does, or none can */
    CpChange change;     /* with the second run, if there is one */
    CpSecond second;
} CpComparedLine;

/** A change that is not one of time. A wrong read counts if the other side has none; a larger number of what both have, if
 * chance does not explain it. */
typedef struct {
    const char *scenario; /* owned by the results */
    gint64 line;          /* 0: the scenario as a whole */
    char *what;      /* "stale", "torn", "failed", "hidden", "never" (right), "expectation" (does not hold), "fault",
                             "spurious" (refreshes), "emulators" (started) */
    gboolean worse;  /* there is more of it; else less */
    gboolean unsure; /* the side that has none has reads there without a verdict: it may be as it was */
    gint64 a, b;     /* how many there were */
    gint64 rounds_a, rounds_b;
    CpSecond second;
} CpComparedCount;

/** The CPU time of a scenario per round, of all its reads, in ns. */
typedef struct {
    const char *scenario; /* owned by the results */
    double libvirt_a, libvirt_b, emulators_a, emulators_b;
} CpComparedCpu;

typedef struct {
    CpCompared a, b;
    CpComparisonRule rule;
    char *name_a,
        *name_b; /* what they are called: the variant, or libvirt's version if it tells them apart, or "A" and "B" */
    gboolean paired;
    GArray *lines;  /* of CpComparedLine, in the order of the results */
    GArray *counts; /* of CpComparedCount: only what differs */
    GArray *cpu;    /* of CpComparedCpu */
    /* per cost, of CpComparedLine: the lines of which both sides know it. Costs decide nothing */
    GArray *costs[CP_COST_LAST];
    GPtrArray *notes;  /* of char *: what could not be compared, and what differs but was allowed to */
    gboolean complete; /* all of "a" has something to be compared with in "b", and all reads have a verdict */
    CpOverall overall;
} CpComparison;

const char *cp_change_name(CpChange change);
const char *cp_overall_name(CpOverall overall);
const char *cp_second_name(CpSecond second);

/** What must be the same on both sides of two runs. Each can be allowed to differ, by its name. */
typedef enum {
    CP_SAME_CPU = 1,
    CP_SAME_KVM = 2,
    CP_SAME_EMULATOR = 4,
    CP_SAME_QUESTION = 8, /* architecture, machine type, virtualization type */
    CP_SAME_USER = 16,    /* root or not */
    CP_SAME_SCENARIO = 32 /* its text */
} CpSame;

/** Returns the bit of the name "cpu", "kvm", "emulator", "question", "user" or "scenario"; 0 for any other. */
CpSame cp_same_parse(const char *name);

/**
 * Compares. `allowed` is a set of CpSame that may differ. NULL with `error` set (CP_ERROR_USAGE) if the two cannot be
 * compared: says what differs, on which side it is what, and how it can be allowed.
 */
CpComparison *cp_comparison_new(CpCompared a, CpCompared b, CpComparisonRule rule, guint allowed, GError **error);
void cp_comparison_free(CpComparison *comparison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpComparison, cp_comparison_free)

/** Sets the noise floor of a line, a ratio, and decides anew. */
void cp_comparison_set_floor(CpComparison *comparison, const char *scenario, gint64 line, double floor);

/** Whether there is something that only counts if a second run sees it, too. `scenario` NULL stands for any. */
gboolean cp_comparison_alarms(const CpComparison *comparison, const char *scenario);

/** Takes a second, independent comparison of the same: what it does not see as well does not count. */
void cp_comparison_confirm(CpComparison *comparison, const CpComparison *second);

/** Returns the largest `visible` of lines that are inconclusive, and how many rounds would do; NULL if there are none. */
const CpComparedLine *cp_comparison_least_visible(const CpComparison *comparison);
