/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* To be preloaded: the init of a sandbox, which would end well, ends with a failure. */
#include <sys/syscall.h>
#include <unistd.h>

void
_exit(int status)
{
    syscall(SYS_exit_group, getpid() == 1 && status == 0 ? 9 : status);
    __builtin_unreachable();
}
