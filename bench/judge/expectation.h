/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expectations: whether what a scenario expects of a read is so. */
/*
 * An expectation says either what is right, such as `expect answer`, or what is wrong, such as `expect verdict stale`: then
 * the scenario is about a defect, which shows if the expectation holds (judge/reproduction.h).
 */
#pragma once

#include "judge/cache.h"
#include "judge/verdict.h"

/** What libvirt keeps on disk after a read. */
typedef enum {
    CP_ON_DISK_UNKNOWN, /* it is not noted, or the truth of a live state is not known */
    CP_ON_DISK_NOTHING, /* nothing, although there should be a document */
    CP_ON_DISK_FRESH,   /* what it keeps in a live state */
    CP_ON_DISK_STALE,   /* another document */
} CpOnDisk;

/** What was found out about a read. */
typedef struct {
    CpVerdict verdict;
    CpRefresh refresh;
    CpOnDisk on_disk;
} CpReadFinding;

/** Whether an expectation is met. */
typedef enum {
    CP_EXPECTED_HOLDS,
    CP_EXPECTED_FAILS,
    CP_EXPECTED_UNKNOWN, /* the history cannot tell */
    CP_EXPECTED_MISTAKE, /* the scenario is wrong: it names an element that there is not */
} CpExpected;

typedef struct _CpExpectations CpExpectations;

CpExpectations *cp_expectations_new(void);
void cp_expectations_free(CpExpectations *expectations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpExpectations, cp_expectations_free)

/** Learns from an event what answers there are to which question, and which files the scenarios are. */
void cp_expectations_learn(CpExpectations *expectations, const CpEvent *event);

/** Takes the read that the next expectations are about. */
void cp_expectations_read(CpExpectations *expectations, const CpEvent *read, CpReadFinding finding);

/**
 * Judges an `expect` event of `scenario`, after a read. Unless it holds, sets `lines` to what was seen instead, to why that
 * cannot be told, or to the mistake as "FILE:LINE:COLUMN: ..."; the caller owns them.
 */
CpExpected cp_expectations_judge(const CpExpectations *expectations,
                                 const CpTruths *truths,
                                 const char *scenario,
                                 const CpEvent *event,
                                 GStrv *lines);

/** Returns whether these arguments of `expect` say what is wrong. */
gboolean cp_expectation_is_defect(const char *const *args);
