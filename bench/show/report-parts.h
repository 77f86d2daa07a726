/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of a report, one file each, and what they share. */
#pragma once

#include "show/report-model.h"

/** Writes the section of each scenario: its outcome, its lines with their samples, its problems. */
void cp_report_write_scenarios(const CpReportModel *model, CpMarkup *markup);

/** Writes how the second side differs from the first; nothing unless there are two. */
void cp_report_write_comparison(const CpReportModel *model, CpMarkup *markup);

/** Writes the rounds in which libvirt was wrong. */
void cp_report_write_stories(const CpStories *stories, CpMarkup *markup);

/** Writes where a cold refresh spends its time; nothing if no result was made with --profile. */
void cp_report_write_profiles(const CpReportModel *model, CpMarkup *markup);

/** Writes a cell of a table; narrow screens show `label`, the head of its column, beside it. */
void cp_report_write_cell(CpMarkup *markup, const char *label, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** Writes the heads of a table, NULL-terminated. */
void cp_report_write_heads(CpMarkup *markup, const char *const *heads);

/** Writes a word that stands out: an outcome or a verdict, which is also its class in the style sheet. */
void cp_report_write_word(CpMarkup *markup, const char *word);

/** Writes the name of a side with its mark; nothing if there is only one. */
void cp_report_write_side(const CpReportModel *model, guint side, CpMarkup *markup);
