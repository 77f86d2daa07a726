/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts the instructions that a process and what it starts execute. */
#include "run/sandbox/instructions.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's format of a counter, see `read_format` below. */
typedef struct {
    guint64 value, enabled_ns, running_ns;
} Reading;

/* Opens a counter: of the threads of a process alone, or of its children as well. Returns -1 with errno set if that fails. */
static int
open_counter(pid_t pid, guint32 type, guint64 config, gboolean threads_only)
{
    struct perf_event_attr attributes = {
        .size = sizeof(attributes),
        .type = type,
        .config = config,
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
        .inherit = 1,
        .inherit_thread = threads_only,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    return syscall(SYS_perf_event_open, &attributes, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static char *
describe_refusal(int number)
{
    g_autofree char *paranoid = NULL;
    switch (number) {
    case EACCES:
    case EPERM:
        g_file_get_contents("/proc/sys/kernel/perf_event_paranoid", &paranoid, NULL, NULL);
        return g_strdup_printf("the kernel does not allow it (kernel.perf_event_paranoid is %s)",
                               paranoid ? g_strchomp(paranoid) : "unknown");
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP:
        return g_strdup("the processor has no counter for them, as in many virtual machines");
    case ENOSYS:
        return g_strdup("the kernel has no perf events");
    case EINVAL:
    case E2BIG:
        return g_strdup("the kernel cannot tell threads from processes when it counts; Linux can from 5.13 on");
    default:
        return g_strdup(g_strerror(number));
    }
}

char *
cp_instructions_begin_event(CpInstructions *instructions, pid_t pid, guint32 type, guint64 config)
{
    cp_instructions_end(instructions);
    instructions->own_fd = open_counter(pid, type, config, TRUE);
    if (instructions->own_fd >= 0)
        instructions->all_fd = open_counter(pid, type, config, FALSE);
    if (instructions->all_fd >= 0)
        return NULL;
    char *reason = describe_refusal(errno);
    cp_instructions_end(instructions);
    return reason;
}

char *
cp_instructions_begin(CpInstructions *instructions, pid_t pid)
{
    return cp_instructions_begin_event(instructions, pid, PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS);
}

/* A counter that had to share the processor's with others has missed some. */
static gboolean
read_counter(int fd, gint64 *value)
{
    Reading reading;
    if (fd < 0 || read(fd, &reading, sizeof(reading)) != sizeof(reading) || reading.running_ns < reading.enabled_ns)
        return FALSE;
    *value = MIN(reading.value, G_MAXINT64);
    return TRUE;
}

gboolean
cp_instructions_read(const CpInstructions *instructions, CpInstructionCounts *counts)
{
    gint64 own, all;
    *counts = (CpInstructionCounts){ 0 };
    if (!read_counter(instructions->own_fd, &own) || !read_counter(instructions->all_fd, &all))
        return FALSE;
    /* The second counter begins later, and is read later. */
    *counts = (CpInstructionCounts){ own, MAX(all - own, 0) };
    return TRUE;
}

void
cp_instructions_end(CpInstructions *instructions)
{
    if (instructions->own_fd >= 0)
        close(instructions->own_fd);
    if (instructions->all_fd >= 0)
        close(instructions->all_fd);
    *instructions = (CpInstructions)CP_INSTRUCTIONS_NONE;
}

char *
cp_instructions_refusal(void)
{
    CpInstructions instructions = CP_INSTRUCTIONS_NONE;
    char *reason = cp_instructions_begin(&instructions, 0);
    cp_instructions_end(&instructions);
    return reason;
}
