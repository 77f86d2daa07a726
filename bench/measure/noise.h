/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The noise of machines: what comparisons of a thing with itself have shown. It is kept in a file. */
/*
 *   schema      "capprobe.noise/1"
 *   machines[]  machine    CPU, number of CPUs and KVM, as cp_noise_machine() joins them
 *               comparisons, alarms   how many comparisons of CP_NOISE_ROUNDS rounds there were of a thing with itself, and in
 *                          how many of them a line seemed to have changed
 *               lines[]    scenario, line, runs[] {rounds, shift}: the shift that each run has shown, as a ratio without its
 *                          sign; the newest CP_NOISE_RUNS
 */
#pragma once

#include "measure/comparison.h"

#define CP_NOISE_SCHEMA "capprobe.noise/1"
#define CP_NOISE_ROUNDS 20
#define CP_NOISE_RUNS 20

typedef struct _CpNoise CpNoise;

/** Reads a file; if there is none, nothing is known yet. CP_ERROR_USAGE if it is not such a file. */
CpNoise *cp_noise_load(const char *file, GError **error);
void cp_noise_free(CpNoise *noise);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpNoise, cp_noise_free)

/** Writes it to a file, whose folder is made if it is missing. */
gboolean cp_noise_save(const CpNoise *noise, const char *file, GError **error);

/** Checks that a file can be read and written, so that a long run does not end in vain. Makes its folder if it is missing. */
gboolean cp_noise_check(const char *file, GError **error);

/**
 * Adds what a run has shown, as cp_noise_add() does, to what a file has, and returns all that the file has then. Nothing is lost
 * if several processes do so at the same time: one waits for the other, for 30 s at most.
 */
CpNoise *cp_noise_record(const char *file, const CpResult *result, guint *comparisons, guint *alarms, GError **error);

/** Returns what names the machine of a result. The caller owns it. */
char *cp_noise_machine(const CpResult *result);

/** Adds what a run of a thing against itself has shown. `result` has two variants, which are the same. Both numbers are those
 * of this run. */
void cp_noise_add(CpNoise *noise, const CpResult *result, guint *comparisons, guint *alarms);

/** How many comparisons and alarms are known of a machine. */
void cp_noise_count(const CpNoise *noise, const char *machine, gint64 *comparisons, gint64 *alarms);

/** Sets the floor of each line of the comparison: the largest shift that is known of its machine. Returns how many lines have
 * one. */
guint cp_noise_apply(const CpNoise *noise, CpComparison *comparison);
