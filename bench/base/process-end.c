/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ends a process that must not run exit(). */
#include "base/process-end.h"

#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#ifdef CP_COVERAGE_FOLDER
/* From the compiler's runtime, which has no header for it. */
extern void __gcov_dump(void);
#endif

void
cp_process_end(int status)
{
#ifdef __SANITIZE_ADDRESS__
    if (__lsan_do_recoverable_leak_check() && status == 0)
        status = CP_PROCESS_END_LEAK;
#endif
#ifdef CP_COVERAGE_FOLDER
    __gcov_dump();
#endif
    _exit(status);
}
