/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The functions of the operations on the host, one per row of scenario/operation-table.def. Run in the sandbox's init.
 *
 * The operation with the id NAME is carried out by cp_operate_NAME(), which is declared here from the table. A row
 * without its function does not link.
 */
#pragma once

#include "run/host/host.h"
#include "scenario/scenario.h"

/**
 * Carries out `step`. If that is not possible, `error` is set: CP_ERROR_USAGE for a mistake in the scenario, which must
 * be corrected; anything else means that the scenario cannot be tested here.
 */
typedef gboolean CpOperate(CpHost *host, const CpStep *step, GError **error);

/* CP_IF_ON_HOST_<effect>(text) is `text` if steps of that effect are operations on the host, else nothing. */
#define CP_IF_ON_HOST_MODULES(...) __VA_ARGS__
#define CP_IF_ON_HOST_EMULATOR(...) __VA_ARGS__
#define CP_IF_ON_HOST_KVM(...) __VA_ARGS__
#define CP_IF_ON_HOST_HOST(...) __VA_ARGS__
#define CP_IF_ON_HOST_ANY(...) __VA_ARGS__
#define CP_IF_ON_HOST_CACHE(...) __VA_ARGS__
#define CP_IF_ON_HOST_PROCESS(...)
#define CP_IF_ON_HOST_READ(...)
#define CP_IF_ON_HOST_TIME(...)
#define CP_IF_ON_HOST_NONE(...)

#define CP_OPERATION(id, word, arguments, effect, changes, undo, summary)                                              \
    CP_IF_ON_HOST_##effect(CpOperate cp_operate_##id;)
#include "scenario/operation-table.def"
#undef CP_OPERATION
