/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reproductions: how often a known defect showed when it was tried several times. */
#include "measure/repro.h"

CpRepro *
cp_repro_new(const CpBug *bug, CpBugForecast forecast)
{
    CpRepro *repro = g_new0(CpRepro, 1);
    repro->bug = bug;
    repro->forecast = forecast;
    repro->by_input = !bug->scenario;
    repro->proof = g_string_new(NULL);
    return repro;
}

void
cp_repro_free(CpRepro *repro)
{
    if (!repro)
        return;
    g_free(repro->reason);
    g_string_free(repro->proof, TRUE);
    g_free(repro);
}

gint64
cp_repro_next(const CpRepro *repro, gint64 max)
{
    return MAX(MIN(CP_REPRO_HITS - repro->hits, max - repro->runs), 0);
}

void
cp_repro_set_reason(CpRepro *repro, const char *reason)
{
    if (!repro->reason)
        repro->reason = g_strdup(reason);
}

CpExit
cp_repro_exit(const CpRepro *repro)
{
    return repro->broken      ? repro->broken
           : repro->hits > 0  ? CP_EXIT_BAD
           : repro->reason    ? CP_EXIT_UNTESTABLE
           : repro->runs == 0 ? CP_EXIT_UNTESTABLE
                              : CP_EXIT_WELL;
}

const char *
cp_repro_outcome(const CpRepro *repro)
{
    switch (cp_repro_exit(repro)) {
    case CP_EXIT_BAD:
        return "reproduced";
    case CP_EXIT_WELL:
        return "not reproduced";
    case CP_EXIT_UNTESTABLE:
        return "untestable";
    case CP_EXIT_INTERRUPTED:
        return "interrupted";
    default:
        return "failed";
    }
}

CpExit
cp_repros_exit(const GPtrArray *repros)
{
    CpExit exit = CP_EXIT_WELL;
    for (guint i = 0; i < repros->len; i++) {
        const CpRepro *repro = repros->pdata[i];
        CpExit one = cp_repro_exit(repro);
        if (repro->broken)
            return one;
        if (one == CP_EXIT_BAD || exit == CP_EXIT_WELL)
            exit = one;
    }
    return exit;
}
