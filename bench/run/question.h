/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to libvirt. Run in the sandbox's init. */
#pragma once

#include "run/plan.h"

typedef struct {
    CpRequestVerb verb;
    GString *payload; /* of the request */
    char *name;       /* in histories: "domcaps EMULATOR ARCH MACHINE VIRTTYPE FLAGS", "-" for libvirt's choice */
    char *emulator;   /* whose cached document belongs to it */
} CpQuestion;

/** The question of `read` in a run of `plan`: its domain capabilities. */
CpQuestion *cp_question_new(const CpPlan *plan);
void cp_question_free(CpQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpQuestion, cp_question_free)
