/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capprobe: finds the command that was asked for and runs it. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/output.h"
#include "base/process-end.h"
#include "config.h"
#include "verbs/verb.h"

static void
print_help(void)
{
    printf("Usage: capprobe COMMAND [OPTION…] [ARGUMENT]\n\n"
           "capprobe changes a private copy of QEMU's modules in the ways that happen on real hosts.\n"
           "It measures how long libvirt takes to report the right domain capabilities again,\n"
           "and whether they are ever wrong.\n\n"
           "Commands:\n");
    cp_verb_print_list();
    printf("  %-18s %s\n\n", "help [COMMAND]", "print this list, or the options and examples of a command");
    printf("Options:\n"
           "  -h, --help         print this help\n"
           "  --version          print the version\n\n"
           "Exit status:\n");
    g_autofree char *statuses = cp_exit_describe();
    printf("%s", statuses);
    printf("\nManual pages: capprobe(1), capprobe-scenario(5), capprobe-history(5), capprobe-result(5)\n");
}

/* Sets `error` for a word that is not a command. Returns the exit status. */
static CpExit
refuse(const char *word, GError **error)
{
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "unknown command '%s'; 'capprobe help' lists all commands", word);
    return CP_EXIT_USAGE;
}

/* `capprobe help [COMMAND]` */
static CpExit
help(int argc, char **argv, GError **error)
{
    if (argc > 3) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "help: expected at most one command, but got %d", argc - 2);
        return CP_EXIT_USAGE;
    }
    if (argc < 3) {
        print_help();
        return CP_EXIT_WELL;
    }
    int command = cp_verb_find(argv[2]);
    if (command < 0)
        return refuse(argv[2], error);
    cp_verb_print_help(command);
    return CP_EXIT_WELL;
}

static CpExit
run(int argc, char **argv, CpExitStyle *style, GError **error)
{
    const char *word = argc > 1 ? argv[1] : "";
    int command = cp_verb_find(word);

    if (command >= 0)
        return cp_verb_run(command, argc - 1, argv + 1, style, error);
    if (g_str_equal(word, "help") || g_str_equal(word, "--help") || g_str_equal(word, "-h"))
        return help(argc, argv, error);
    if (g_str_equal(word, "--version")) {
        printf("capprobe " CP_VERSION "\n");
        return CP_EXIT_WELL;
    }
    if (*word)
        return refuse(word, error);
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "expected a command; 'capprobe help' lists all commands");
    return CP_EXIT_USAGE;
}

/*
 * Undoes what a caller may have left behind: an ignored SIGCHLD, with which no child could be waited for, and closed
 * standard streams, whose numbers other files would get. In their place are descriptors with which every read or write
 * fails, as it does with a closed one.
 */
static void
repair_process(void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };
    signal(SIGCHLD, SIG_DFL);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
            cp_process_end(CP_EXIT_FAILED);
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL, lost = NULL;

    repair_process();
    setlocale(LC_CTYPE, "C.UTF-8");
    CpExitStyle style = CP_EXIT_STYLE_PLAIN;
    CpExit status = run(argc, argv, &style, &error);
    if (error) {
        cp_verb_complain(error);
        status = cp_error_exit(error);
    }
    if (!cp_output_finish_stdout(&lost)) {
        cp_verb_complain(lost);
        status = CP_EXIT_FAILED;
    }
    return cp_exit_translate(style, status);
}
