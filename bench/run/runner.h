/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The runner: carries out a plan within the sandbox, as its init, and tells what happens as events.
 */
#pragma once

#include "history/event.h"
#include "run/host/host.h"
#include "run/libvirt/connection.h"
#include "scenario/scenario.h"

/** What is to be done; all borrowed. */
typedef struct {
    const GPtrArray *scenarios; /* of CpScenario; none of them lacks anything here */
    gint64 rounds;              /* of each scenario */
    gint64 profile_rounds;      /* refreshes to profile, afterwards */
    guint32 seed;               /* of the order of rounds */
    const CpTarget *target;
    CpConnectionSpec connection;
    const char *module_dir, *emulator, *arch, *machine, *virttype; /* "" for libvirt's choice of the last three */
    CpKvm kvm;
} CpPlan;

/**
 * Carries out `plan` and writes its events to `fd`, one a line, the `end` event last. First each scenario's operations
 * are gone through once, unmeasured, to learn the truth of each state; then come the rounds, in an order shuffled by
 * the seed.
 */
void cp_runner_run(const CpPlan *plan, int fd);
