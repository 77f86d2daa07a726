/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a connection ends, with libvirts that do not end it well. Needs namespaces.
 *
 *   test-connection CLIENT FAULTS     the client program, and the folder with the faulty libvirts
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/duration.h"
#include "helper.h"
#include "run/libvirt/connection.h"
#include "run/sandbox/sandbox.h"

static const char *client, *faults;

typedef struct {
    const char *fault;
    void (*act)(CpConnection *connection, CpOutcome *outcome);
    CpConnectionSpec spec;
    int fd; /* takes the error of the outcome */
} Case;

static char *
any_uri(const char *root G_GNUC_UNUSED, const char *daemon G_GNUC_UNUSED)
{
    return g_strdup("test:///default");
}

static const CpTarget target = { .uri = any_uri };

/* Runs in the sandbox's init. */
static void
act_in_sandbox(gpointer data)
{
    const Case *c = data;
    g_auto(CpOutcome) opened = { 0 }, outcome = { 0 };
    g_autoptr(GError) error = NULL;
    CpReaper reaper;

    g_assert_true(cp_reaper_begin(&reaper, &error));
    g_autoptr(CpConnection) connection = cp_connection_new(&c->spec, &reaper);
    g_assert_true(cp_connection_open(connection, &target, "/", &opened, &error));
    g_assert_cmpstr(opened.error ? opened.error : opened.lost, ==, NULL);
    c->act(connection, &outcome);
    dprintf(c->fd, "%s", outcome.lost ? outcome.lost : outcome.error ? outcome.error : "no error");
}

/* Returns the error of the last request of the case; the caller owns it. NULL if this host allows no sandbox. */
static char *
error_of(Case *c)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *library = g_build_filename(folder, "libvirt.so.0", NULL);
    g_autofree char *fault = g_strdup_printf("%s/libvirt-%s.so", faults, c->fault);
    const char *const visible[] = { client, folder, NULL };
    CpSandboxSpec sandbox = { .visible = visible };
    g_autoptr(GError) error = NULL;
    char text[1000] = "";
    int pipe_fds[2];

    g_assert_cmpint(symlink(fault, library), ==, 0);
    g_assert_cmpint(pipe2(pipe_fds, O_CLOEXEC), ==, 0);
    c->spec = (CpConnectionSpec){ .client = client, .libvirt = folder, .deadline_ns = CP_NS_PER_S };
    c->fd = pipe_fds[1];
    pid_t pid = cp_sandbox_spawn(&sandbox, act_in_sandbox, c, &error);
    close(pipe_fds[1]);
    if (pid > 0) {
        int status;
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_cmpint(status, ==, 0);
        g_assert_cmpint(read(pipe_fds[0], text, sizeof(text) - 1), >, 0);
    } else {
        g_test_skip(error->message);
    }
    close(pipe_fds[0]);
    folder_end(folder);
    return pid > 0 ? g_strdup(text) : NULL;
}

/* The error must begin with `expected`; the last line of the client's standard error may follow. */
static void
assert_outcome(const char *fault, void (*act)(CpConnection *, CpOutcome *), const char *expected)
{
    Case c = { .fault = fault, .act = act };
    g_autofree char *error = error_of(&c);
    if (error && !g_str_has_prefix(error, expected))
        g_error("'%s' does not begin with '%s'", error, expected);
}

static void
close_it(CpConnection *connection, CpOutcome *outcome)
{
    cp_connection_close(connection, outcome);
    g_assert_cmpint(connection->pid, ==, 0);
}

static void
kill_and_close(CpConnection *connection, CpOutcome *outcome)
{
    cp_reaper_kill_all(connection->reaper);
    close_it(connection, outcome);
}

static void
read_twice(CpConnection *connection, CpOutcome *outcome)
{
    for (int i = 0; i < 2; i++) {
        cp_outcome_clear(outcome);
        cp_connection_send(connection, CP_REQUEST_READ, "\0\0\0", 4);
        g_assert_true(cp_connection_wait(connection, 0, -1, outcome));
    }
    g_assert_cmpint(connection->pid, ==, 0);
}

static void
test_close(void)
{
    assert_outcome("refuse", close_it, "no error");
}

static void
test_close_after_kill(void)
{
    assert_outcome("close-abort", kill_and_close, "no error");
}

static void
test_close_abort(void)
{
    assert_outcome("close-abort", close_it, "the connection was not closed: the client died: Aborted");
}

static void
test_close_hang(void)
{
    assert_outcome("close-hang", close_it, "the connection was not closed: no answer within 1.00 s");
}

static void
test_close_fail(void)
{
    assert_outcome("close-fail", close_it, "the connection was not closed: refused by the test");
}

static void
test_close_leak(void)
{
#ifdef __SANITIZE_ADDRESS__
    assert_outcome("close-leak", close_it, "the connection was not closed: the client ended with status 23");
#else
    assert_outcome("close-leak", close_it, "no error");
#endif
}

static void
test_deaf(void)
{
    assert_outcome("deaf", read_twice, "the client closed its socket, but did not end within 1.00 s");
}

static guint
count_fds(void)
{
    g_autofree char *names = folder_list("/proc/self/fd");
    g_auto(GStrv) split = g_strsplit(names, " ", -1);
    return g_strv_length(split);
}

/* In a process of its own, which gives up root and all its processes. */
static int
open_without_processes(void)
{
    struct rlimit none = { 0, 0 };
    CpConnectionSpec spec = { .client = client, .deadline_ns = CP_NS_PER_S };
    g_autoptr(GError) error = NULL;
    g_auto(CpOutcome) outcome = { 0 };
    CpReaper reaper;

    g_assert_true(cp_reaper_begin(&reaper, &error));
    g_autoptr(CpConnection) connection = cp_connection_new(&spec, &reaper);
    guint before = count_fds();
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
        return 77;
    g_assert_cmpint(setrlimit(RLIMIT_NPROC, &none), ==, 0);
    g_assert_false(cp_connection_open(connection, &target, "/", &outcome, &error));
    assert_error(&error, CP_ERROR_FAILED, "cannot make a process for the client: ");
    g_assert_cmpint(connection->pid, ==, 0);
    g_assert_cmpuint(count_fds(), ==, before);
    return 0;
}

static void
test_no_process(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(open_without_processes());
    int status;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        g_test_skip("there is no other user here");
    else
        g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 3);
    g_autofree char *absolute = g_canonicalize_filename(argv[1], NULL);
    client = absolute;
    faults = argv[2];
    g_test_add_func("/connection/close", test_close);
    g_test_add_func("/connection/close-after-kill", test_close_after_kill);
    g_test_add_func("/connection/close-abort", test_close_abort);
    g_test_add_func("/connection/close-hang", test_close_hang);
    g_test_add_func("/connection/close-fail", test_close_fail);
    g_test_add_func("/connection/close-leak", test_close_leak);
    g_test_add_func("/connection/deaf", test_deaf);
    g_test_add_func("/connection/no-process", test_no_process);
    return g_test_run();
}
