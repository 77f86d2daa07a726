/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The results of histories, which tests put together. */
#pragma once

#include "small.h"

#include "measure/result.h"

/** Returns the result of `history`, an array of CpEvent. The caller owns it. */
static inline CpResult *
result_of(const GPtrArray *history)
{
    g_autoptr(GError) error = NULL;
    CpResult *result = cp_result_new();
    g_autoptr(CpJudgement) judgement = cp_judge(history, "H", FALSE, cp_result_add, result, &error);
    g_assert_no_error(error);
    cp_result_finish(result, judgement);
    return result;
}

/** Returns the result of SMALL. The caller owns it. */
static inline CpResult *
small_result(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) history = events_of(SMALL, &error);
    g_assert_no_error(error);
    return result_of(history);
}
