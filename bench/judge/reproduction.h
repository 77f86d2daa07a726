/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reproduction: whether the defect that a scenario is about shows. */
/*
 * A scenario is about a defect if one of its expectations says what is wrong (cp_expectation_is_defect()). In each round
 *
 *   it shows         if at least one of these expectations holds, and nothing else is wrong;
 *   it does not show if none of them holds, and nothing is wrong;
 *   another defect   is there if anything else is wrong: a read that is bad in a way that no expectation about it says, or
 *                    an expectation of what is right that does not hold.
 *
 * It shows if it shows in one round.
 */
#pragma once

#include "judge/judge.h"

/** How the line of cp_reproduction_describe() goes on after the scenario's name, if the defect shows, and if it does not and
 * nothing else is wrong. */
#define CP_REPRODUCED "reproduced "
#define CP_NOT_REPRODUCED "not reproduced"

typedef struct _CpReproduction CpReproduction;

CpReproduction *cp_reproduction_new(void);
void cp_reproduction_free(CpReproduction *reproduction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpReproduction, cp_reproduction_free)

/** Learns from an event which scenarios are about a defect. */
void cp_reproduction_learn(CpReproduction *reproduction, const CpEvent *event);

/** Returns whether the scenario of this name is about a defect. */
gboolean cp_reproduction_is_about(const CpReproduction *reproduction, const char *scenario);

/** Takes the next finding. `name` is the one under which its scenario is described. `bad`: it is a read that makes the exit
 * status 1 in other scenarios. */
void cp_reproduction_add(CpReproduction *reproduction, const char *name, const CpFinding *finding, gboolean bad);

/** Says that the present round does not test the defect, for this reason. */
void cp_reproduction_spoil(CpReproduction *reproduction, const char *reason);

/** Ends the last round, if the history is cut off in it. */
void cp_reproduction_finish(CpReproduction *reproduction);

/** Returns whether the defect of a scenario shows. */
gboolean cp_reproduction_shows(const CpReproduction *reproduction);

/** Counts the rounds of scenarios that are about a defect: those in which it shows, and all. */
void cp_reproduction_count(const CpReproduction *reproduction, gint64 *shown, gint64 *rounds);

/** Returns why it is not known whether the defect of a scenario shows; NULL if it is known. The caller owns it. */
char *cp_reproduction_reason(const CpReproduction *reproduction);

/** Adds one line for each scenario that is about a defect and had a round. */
void cp_reproduction_describe(const CpReproduction *reproduction, GStrvBuilder *lines);
