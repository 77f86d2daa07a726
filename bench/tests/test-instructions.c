/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of run/sandbox/instructions.h: with CPU time in the place of instructions, which not every machine can count. */
#include "run/libvirt/process.h"

#include <linux/perf_event.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define MS 1000000

/* Needs that much CPU time. */
static void
work(gint64 ns)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    for (gint64 end = used.tv_sec * 1000 * MS + used.tv_nsec + ns; used.tv_sec * 1000 * MS + used.tv_nsec < end;)
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
}

static void *
work_in_thread(void *unused G_GNUC_UNUSED)
{
    work(20 * MS);
    return NULL;
}

/* Uses CPU time: 10 ms by itself, 20 in a thread, 40 in a child that is waited for, and 80 in a child of that, which nobody
 * waits for. */
static void
use_cpu(void)
{
    pthread_t thread;
    work(10 * MS);
    pthread_create(&thread, NULL, work_in_thread, NULL);
    pthread_join(thread, NULL);
    pid_t pid = fork();
    if (pid == 0) {
        work(40 * MS);
        if (fork() == 0)
            work(80 * MS);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

/* Begins to count in a child, lets it work, and asserts what was counted. */
static void
test_counted(void)
{
    CpInstructions instructions = CP_INSTRUCTIONS_NONE;
    CpInstructionCounts counts;
    int begin[2], end[2];
    char byte = 0;
    g_assert_cmpint(pipe(begin), ==, 0);
    g_assert_cmpint(pipe(end), ==, 0);
    pid_t pid = fork();
    if (pid == 0) {
        /* The end of the second pipe is that of the last process. */
        close(begin[1]);
        close(end[0]);
        if (read(begin[0], &byte, 1) == 1)
            use_cpu();
        _exit(0);
    }
    close(end[1]);
    g_autofree char *refusal =
        cp_instructions_begin_event(&instructions, pid, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    g_assert_cmpint(write(begin[1], &byte, 1), ==, 1);
    g_assert_cmpint(read(end[0], &byte, 1), ==, 0);
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
    if (refusal) {
        g_test_skip(refusal);
        return;
    }
    g_assert_true(cp_instructions_read(&instructions, &counts));
    g_test_message("own %.1f ms, children %.1f ms", (double)counts.own / MS, (double)counts.children / MS);
    g_assert_cmpint(counts.own, >=, 30 * MS);
    g_assert_cmpint(counts.own, <, 70 * MS);
    g_assert_cmpint(counts.children, >=, 120 * MS);
    cp_instructions_end(&instructions);
    g_assert_false(cp_instructions_read(&instructions, &counts));
    g_assert_cmpint(counts.own, ==, 0);
    close(begin[0]);
    close(begin[1]);
    close(end[0]);
}

/* An event that no machine has is refused, and nothing is left open. */
static void
test_refused(void)
{
    CpInstructions instructions = CP_INSTRUCTIONS_NONE;
    g_autofree char *refusal = cp_instructions_begin_event(&instructions, 0, PERF_TYPE_SOFTWARE, 12345);
    g_assert_nonnull(refusal);
    g_assert_cmpint(instructions.own_fd, ==, -1);
    g_assert_cmpint(instructions.all_fd, ==, -1);
}

/* A process that is forked to be counted does not begin before. */
static void
test_fork(void)
{
    CpInstructions instructions = CP_INSTRUCTIONS_NONE;
    int status;
    pid_t pid = cp_process_fork(&instructions);
    if (pid == 0)
        _exit(7);
    g_assert_cmpint(pid, >, 0);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_cmpint(WEXITSTATUS(status), ==, 7);
    g_autofree char *refusal = cp_instructions_refusal();
    g_assert_true((refusal == NULL) == (instructions.all_fd >= 0));
    cp_instructions_end(&instructions);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/instructions/counted", test_counted);
    g_test_add_func("/instructions/refused", test_refused);
    g_test_add_func("/instructions/fork", test_fork);
    return g_test_run();
}
