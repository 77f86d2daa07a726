/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What `bench` and `replay` have in common: the options about how scenarios are run.
 */
#pragma once

#include "judge/judge.h"
#include "run/run.h"
#include "scenario/scenario.h"

typedef struct {
    char *libvirt, *emulator, *arch, *machine, *virttype, *kvm, *history, *deadline;
    gint64 seed;
} CpRunOptions;

/** Their option entries, to be put among a verb's own. `o` is a CpRunOptions. */
#define CP_RUN_OPTIONS(o)                                                                                              \
    { "libvirt",                                                                                                       \
      0,                                                                                                               \
      0,                                                                                                               \
      G_OPTION_ARG_FILENAME,                                                                                           \
      &(o).libvirt,                                                                                                    \
      "The libvirt under test: a folder it was built in (default: the system's)",                                      \
      "DIR" },                                                                                                         \
        { "emulator", 0, 0, G_OPTION_ARG_FILENAME, &(o).emulator, "The emulator to probe (default: the host's own)",   \
          "PATH" },                                                                                                    \
        { "arch", 0, 0, G_OPTION_ARG_STRING, &(o).arch, "The architecture to ask about (default: libvirt's choice)",   \
          "ARCH" },                                                                                                    \
        { "machine",                                                                                                   \
          0,                                                                                                           \
          0,                                                                                                           \
          G_OPTION_ARG_STRING,                                                                                         \
          &(o).machine,                                                                                                \
          "The machine type to ask about (default: libvirt's choice)",                                                 \
          "TYPE" },                                                                                                    \
        { "virttype", 0, 0, G_OPTION_ARG_STRING, &(o).virttype, "kvm or qemu (default: libvirt's choice)", "TYPE" },   \
        { "kvm",    0,                                                                                                 \
          0,        G_OPTION_ARG_STRING,                                                                               \
          &(o).kvm, "/dev/kvm in the sandbox: usable, absent or host (default: usable if it can be)",                  \
          "STATE" },                                                                                                   \
        { "deadline",                                                                                                  \
          0,                                                                                                           \
          0,                                                                                                           \
          G_OPTION_ARG_STRING,                                                                                         \
          &(o).deadline,                                                                                               \
          "How long libvirt may take for one answer (default: 30s)",                                                   \
          "DURATION" },                                                                                                \
        { "seed",    0,                                                                                                \
          0,         G_OPTION_ARG_INT64,                                                                               \
          &(o).seed, "Of the order of rounds (default: by chance; every result names it)",                             \
          "N" },                                                                                                       \
    {                                                                                                                  \
        "history", 0, 0, G_OPTION_ARG_FILENAME, &(o).history,                                                          \
            "Write all that happened to a file, for 'capprobe judge'", "FILE"                                          \
    }

/**
 * Runs `scenarios` with progress on standard error, writes the history if that is asked for, and judges. NULL with
 * `error` set where nothing could be run.
 */
CpJudgement *cp_run_with_options(
    const CpRunOptions *options, const GPtrArray *scenarios, gint64 rounds, gint64 profile_rounds, GError **error);
