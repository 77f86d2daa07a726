/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The version of an emulator, which may be any program: here it is a script. */
#include "run/emulator-version.h"

#include "base/duration.h"
#include "helper.h"

#define DEADLINE_NS CP_NS_PER_S
#define LONG_DEADLINE_NS (100 * CP_NS_PER_S)

/* Asks an emulator with this content. Returns FALSE if this host allows no sandbox. */
static gboolean
ask(const char *content, gint64 deadline_ns, char **line, char **reason)
{
    g_autofree char *folder = folder_begin();
    g_autofree char *emulator = g_build_filename(folder, "emulator", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents_full(emulator, content, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
    *line = cp_emulator_version(NULL, emulator, deadline_ns, reason, &error);
    folder_end(folder);
    if (error && strstr(error->message, "namespaces")) {
        g_test_skip(error->message);
        return FALSE;
    }
    g_assert_no_error(error);
    return TRUE;
}

static void
test_scripts(void)
{
    static const struct {
        const char *commands, *line, *reason;
    } cases[] = {
        { "[ \"$*\" = --version ] && echo version 1", "version 1", NULL },
        { "sleep 1000 & echo forked; exec sleep 1000", "forked", NULL },
        { "printf 'one\\ntwo\\n'", "one", NULL },
        { "printf 'no newline'", "no newline", NULL },
        { "printf 'a\\377b\\n'",
          "a\xef\xbf\xbd"
          "b",
          NULL },
        { "exec sleep 1000", NULL, "did not answer within 1.00 s" },
        { "exec tr '\\0' x </dev/zero", NULL, "printed a line of more than 1000 bytes" },
        { "exit 1", NULL, "printed nothing" },
        { "echo 'cannot open' >&2; exit 1", NULL, "said: cannot open" },
        { "kill -SEGV $$", NULL, "died: Segmentation fault" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *script = g_strdup_printf("#!/bin/sh\n%s\n", cases[i].commands);
        g_autofree char *line = NULL, *reason = NULL;
        /* Only what hangs needs a deadline that passes. */
        gboolean hangs = cases[i].reason && strstr(cases[i].reason, "within");
        if (!ask(script, hangs ? DEADLINE_NS : LONG_DEADLINE_NS, &line, &reason))
            return;
        g_assert_cmpstr(line, ==, cases[i].line);
        g_assert_cmpstr(reason, ==, cases[i].reason);
    }
}

static void
test_not_a_program(void)
{
    g_autofree char *line = NULL, *reason = NULL;
    if (!ask("\177ELF", LONG_DEADLINE_NS, &line, &reason))
        return;
    g_assert_null(line);
    g_assert_cmpstr(reason, ==, "said: Exec format error");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/emulator-version/scripts", test_scripts);
    g_test_add_func("/emulator-version/not-a-program", test_not_a_program);
    return g_test_run();
}
