/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to libvirt. Run in the sandbox's init. */
#include "run/question.h"

#include <string.h>

static void
append(CpQuestion *question, GString *name, const char *string)
{
    g_string_append_len(question->payload, string, strlen(string) + 1);
    g_string_append_printf(name, " %s", *string ? string : "-");
}

CpQuestion *
cp_question_new(const CpPlan *plan)
{
    CpQuestion *question = g_new0(CpQuestion, 1);
    GString *name = g_string_new("domcaps");

    question->verb = CP_REQUEST_READ;
    question->payload = g_string_new(NULL);
    question->emulator = g_strdup(plan->emulator);
    append(question, name, plan->emulator);
    append(question, name, plan->arch);
    append(question, name, plan->machine);
    append(question, name, plan->virttype);
    g_string_append(name, " 0");
    question->name = g_string_free(name, FALSE);
    return question;
}

void
cp_question_free(CpQuestion *question)
{
    if (!question)
        return;
    g_string_free(question->payload, TRUE);
    g_free(question->name);
    g_free(question->emulator);
    g_free(question);
}
