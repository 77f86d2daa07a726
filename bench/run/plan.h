/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plan of a run: made by the caller, carried out by the sandbox's init. */
#pragma once

#include "run/host/kvm.h"
#include "run/libvirt/connection.h"
#include "run/libvirt/target.h"
#include "scenario/scenario.h"

/** What is to be run. All pointers are borrowed. */
typedef struct {
    const GPtrArray *scenarios; /* of CpScenario; this host has everything that they need */
    gint64 rounds;              /* per scenario */
    gint64 profile_rounds;      /* profiled refreshes, after the rounds */
    gboolean confirm;           /* learn the truths a second time, after the rounds */
    guint32 seed;               /* of the order of the rounds */
    const CpTarget *target;
    CpConnectionSpec connection;
    const char *module_dir;
    const char *emulator;
    const char *arch, *machine, *virttype; /* "" lets libvirt choose */
    CpKvm kvm;                             /* at the start of each round */
} CpPlan;
