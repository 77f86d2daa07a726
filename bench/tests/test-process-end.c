/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How processes end that do not run exit(): builds with AddressSanitizer must see what they have lost. */
#include "base/process-end.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"
#include "run/sandbox/sandbox.h"

#ifdef __SANITIZE_ADDRESS__
#define STATUS_OF_LEAK CP_PROCESS_END_LEAK
#else
#define STATUS_OF_LEAK 0
#endif

static void
lose_memory(gpointer unused G_GNUC_UNUSED)
{
    char *volatile lost = g_strdup("lost");
    lost = NULL;
    (void)lost;
}

static void
lose_nothing(gpointer unused G_GNUC_UNUSED)
{
    g_free(g_strdup("not lost"));
}

/* The report of a leak is not for the log of the test. */
static void
silence_errors(void)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDERR_FILENO);
    close(null);
}

static void
assert_exit(pid_t pid, int expected)
{
    int status;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, expected);
}

static void
assert_end(void (*body)(gpointer data), int status, int expected)
{
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        silence_errors();
        body(NULL);
        cp_process_end(status);
    }
    assert_exit(pid, expected);
}

static void
test_child(void)
{
    assert_end(lose_nothing, 0, 0);
    assert_end(lose_nothing, 5, 5);
    assert_end(lose_memory, 0, STATUS_OF_LEAK);
    assert_end(lose_memory, 5, 5);
}

static void
lose_memory_silently(gpointer data)
{
    silence_errors();
    lose_memory(data);
}

/* The init of a sandbox has no privileges in a user namespace, and is number 1: LeakSanitizer must be able to stop it. */
static void
test_sandbox(void)
{
    void (*const bodies[])(gpointer data) = { lose_nothing, lose_memory_silently };
    const int expected[] = { 0, STATUS_OF_LEAK };
    const CpSandboxSpec spec = { 0 };

    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(GError) error = NULL;
        pid_t pid = cp_sandbox_spawn(&spec, bodies[i], NULL, &error);
        if (pid < 0) {
            g_test_skip(error->message);
            return;
        }
        assert_exit(pid, expected[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/process-end/child", test_child);
    g_test_add_func("/process-end/sandbox", test_sandbox);
    return g_test_run();
}
