/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The system call clone(2), with the order of arguments that each architecture wants. */
#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __sparc__
#error "on SPARC the child cannot tell itself from the parent by the result of the raw clone()"
#endif

/**
 * Makes a child that continues here on a copy of the stack, as fork() does, but in the new namespaces of `flags`. The C
 * library's clone() cannot do that: it takes a function and a stack for it. Returns 0 in the child; in the parent the
 * child's process ID, or -1 with errno set.
 */
static inline pid_t
cp_raw_clone(unsigned long flags)
{
    /* No stack, no place for thread IDs, no thread-local storage. */
#if defined(__s390__) || defined(__s390x__) || defined(__CRIS__) || defined(__cris__)
    return syscall(SYS_clone, 0ul, flags, 0ul, 0ul, 0ul);
#else
    return syscall(SYS_clone, flags, 0ul, 0ul, 0ul, 0ul);
#endif
}
