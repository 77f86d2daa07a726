/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plan of a run, or of one of its variants: made by the caller, carried out by the sandbox's init. */
#pragma once

#include "run/host/kvm.h"
#include "run/libvirt/connection.h"
#include "run/libvirt/target.h"
#include "run/watch-spec.h"
#include "scenario/scenario.h"

/** Another target that a scenario switches to. */
typedef struct {
    const CpTarget *target;
    GStrv daemons; /* as in CpConnectionSpec */
} CpOtherTarget;

/** What is to be run. All pointers are borrowed. */
typedef struct {
    const GPtrArray *scenarios; /* of CpScenario */
    const gboolean *left_out;   /* for each of them, whether this host lacks something that it needs */
    const CpTarget *target;
    CpConnectionSpec connection;
    const GPtrArray *others; /* of CpOtherTarget; NULL for none */
    const char *module_dir;
    const char *emulator;
    const char *arch, *machine, *virttype; /* "" lets libvirt choose */
    const CpWatchSpec *watch;              /* what the only round is instead of steps; NULL for steps */
    gboolean stamps;                       /* as in CpRunSpec */
    CpKvm kvm;                             /* at the start of each round */
    gboolean as_it_is;                     /* the host is asked about as it is: see cp_witness_ask() */
    const char *const *visible;            /* as in CpSandboxSpec; NULL for the folder of the libvirt under test */
    CpRequestVerb asked;                   /* what CP_TASK_ASK asks */
    const char *uri;                       /* that `target` has instead of a folder, see target-check.c; or NULL */
} CpPlan;
