/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capprobe: finds the command that was asked for and runs it. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>

#include "config.h"
#include "verbs/verb.h"

static void
print_help(void)
{
    g_print("Usage: capprobe COMMAND [OPTION…] [ARGUMENT]\n\n"
            "capprobe changes a private copy of QEMU's modules in the ways that happen on real hosts.\n"
            "It measures how long libvirt takes to report the right domain capabilities again,\n"
            "and whether they are ever wrong.\n\n"
            "Commands:\n");
    cp_verb_print_list();
    g_print("  %-18s %s\n\n", "help [COMMAND]", "print this list, or the options and examples of a command");
    g_print("Options:\n"
            "  -h, --help         print this help\n"
            "  --version          print the version\n\n"
            "Exit status:\n");
#define CP_EXIT_STATUS(id, status, meaning) g_print("  %3d  %s\n", status, meaning);
#include "base/exit.def"
#undef CP_EXIT_STATUS
    g_print("\nManual pages: capprobe(1), capprobe-scenario(5), capprobe-history(5), capprobe-result(5)\n");
}

/* `capprobe help [COMMAND]` */
static CpExit
help(int argc, char **argv)
{
    if (argc > 3) {
        g_printerr("capprobe: help: expected at most one command, but got %d\n", argc - 2);
        return CP_EXIT_USAGE;
    }
    int command = argc == 3 ? cp_verb_find(argv[2]) : -1;
    if (argc == 3 && command < 0) {
        g_printerr("capprobe: unknown command '%s'; 'capprobe help' lists all commands\n", argv[2]);
        return CP_EXIT_USAGE;
    }
    if (command < 0)
        print_help();
    else
        cp_verb_print_help(command);
    return CP_EXIT_WELL;
}

/*
 * Fills descriptors 0 to 2 if the caller closed them, so that no file that is opened later takes their place. What is
 * written to them still fails.
 */
static void
fill_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY);
    }
}

int
main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    int command = cp_verb_find(word);

    fill_standard_descriptors();
    signal(SIGCHLD, SIG_DFL);
    setlocale(LC_CTYPE, "C.UTF-8");
    if (command >= 0)
        return cp_verb_run(command, argc - 1, argv + 1);
    if (g_str_equal(word, "help") || g_str_equal(word, "--help") || g_str_equal(word, "-h"))
        return help(argc, argv);
    if (g_str_equal(word, "--version")) {
        g_print("capprobe " CP_VERSION "\n");
        return CP_EXIT_WELL;
    }
    if (*word)
        g_printerr("capprobe: unknown command '%s'; 'capprobe help' lists all commands\n", word);
    else
        g_printerr("capprobe: expected a command; 'capprobe help' lists all commands\n");
    return CP_EXIT_USAGE;
}
