/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * To be preloaded. If instructions are to be counted, which many virtual machines cannot do, the kernel is asked to count CPU time in
 * ns instead. If PERF_FAULT is set, counting fails.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>

long
syscall(long number, ...)
{
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    va_list list;
    long args[6];
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        args[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_perf_event_open && getenv("PERF_FAULT")) {
        errno = EACCES;
        return -1;
    }
    if (number == SYS_perf_event_open) {
        struct perf_event_attr *attributes = (struct perf_event_attr *)args[0];
        attributes->type = PERF_TYPE_SOFTWARE;
        attributes->config = PERF_COUNT_SW_TASK_CLOCK;
    }
    return real(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}
