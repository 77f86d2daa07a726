/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The operations: how each changes the private host.
 */
#pragma once

#include "run/host/host.h"
#include "scenario/scenario.h"

/**
 * Carries out a step that acts on modules, emulator, KVM or cache. Under `clock step` a module directory that changed
 * is given the next second. CP_ERROR_UNTESTABLE where the step needs what is not there at that moment.
 */
gboolean cp_operate(CpHost *host, const CpStep *step, GError **error);

/** The times of the module directory, for cp_operate_restore_times(). FALSE where there is no directory. */
gboolean cp_operate_save_times(const CpHost *host, struct timespec times[2]);
void cp_operate_restore_times(const CpHost *host, const struct timespec times[2]);
