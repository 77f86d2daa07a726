/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capprobe: the table of verbs and the global options.
 */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "verbs/verb.h"

static const CpVerb *const verbs[] = {
    &cp_verb_bench, &cp_verb_replay, &cp_verb_judge,   &cp_verb_show,
    &cp_verb_ops,   &cp_verb_doctor, &cp_verb_sandbox, NULL,
};

static void
print_help(void)
{
    g_print("Usage: capprobe VERB [OPTION]... [ARGUMENT]...\n\n"
            "When QEMU's modules change, how long until libvirt's domain capabilities are right\n"
            "again, and are they ever wrong?\n\n");
    for (const CpVerb *const *verb = verbs; *verb; verb++) {
        g_autofree char *call = g_strdup_printf("%s %s", (*verb)->name, (*verb)->arguments ? (*verb)->arguments : "");
        g_print("  %-18s %s\n", call, (*verb)->summary);
    }
    g_print("\n'capprobe VERB --help' explains a verb; 'capprobe --manual' prints the manual page, 'capprobe "
            "--version' the version.\n");
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
            _exit(CP_EXIT_FAILED);
    }
}

int
main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";

    repair_process();
    setlocale(LC_CTYPE, "C.UTF-8");
    for (const CpVerb *const *verb = verbs; *verb; verb++) {
        if (g_str_equal((*verb)->name, word))
            return cp_verb_run(*verb, argc - 1, argv + 1);
    }
    if (g_str_equal(word, "--version")) {
        g_print("capprobe " CP_VERSION "\n");
    } else if (g_str_equal(word, "--manual")) {
        cp_verb_print_manual(verbs);
    } else if (g_str_equal(word, "--help") || g_str_equal(word, "-h")) {
        print_help();
    } else {
        g_printerr(*word ? "capprobe: '%s' is no verb; 'capprobe --help' lists them\n"
                         : "capprobe: a verb is missing; 'capprobe --help' lists them%s\n",
                   word);
        return CP_EXIT_USAGE;
    }
    return CP_EXIT_WELL;
}
