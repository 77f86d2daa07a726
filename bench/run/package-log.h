/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What package managers log while a command runs. Runs in the sandbox's init. */
#pragma once

#include <glib.h>

typedef struct _CpPackageLog CpPackageLog;

/** Begins at the present end of the logs of dpkg and dnf, if there are any. */
CpPackageLog *cp_package_log_new(void);
void cp_package_log_free(CpPackageLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpPackageLog, cp_package_log_free)

/** Reads what was added since the last call. */
void cp_package_log_read(CpPackageLog *log);

/** Returns the complete lines that were read since the last call; NULL if there are none. Free with g_strfreev(). */
GStrv cp_package_log_take(CpPackageLog *log);
