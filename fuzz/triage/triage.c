/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * triage: replays inputs, groups those that crash (group.h), minimises one of each group, and writes
 *
 *     OUTPUT/TARGET/NAME/input         the minimised input
 *     OUTPUT/TARGET/NAME/report.txt    what is known about the group
 *     OUTPUT/triage.sarif              all groups (sarif.h)
 *
 * Standard input names the inputs, one a line: target, program and file, with tabs between. An input is replayed until
 * it crashes, at most so many times as are asked for; the one that stands for its group is then replayed as often, which
 * gives the group's reliability k/N. scripts/fuzz triage is the way to call it.
 */

#include <errno.h>
#include <ftw.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "triage/execution.h"
#include "triage/group.h"
#include "triage/minimise.h"
#include "triage/sarif.h"

enum {
    STATUS_WELL = 0,
    STATUS_FOUND = 1,
    STATUS_USAGE = 254,
    STATUS_FAILED = 255,
};

static int replays = 10;
static int timeout = 25;
static int minimise = 60;
static char *output;
static char *libvirt;
static char *capprobe;

static const GOptionEntry options[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "Where to write", "DIR" },
    { "libvirt", 0, 0, G_OPTION_ARG_FILENAME, &libvirt, "The source of libvirt", "DIR" },
    { "capprobe", 0, 0, G_OPTION_ARG_FILENAME, &capprobe, "The source of capprobe", "DIR" },
    { "replays", 0, 0, G_OPTION_ARG_INT, &replays, "Replay N times (10)", "N" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &timeout, "Take a replay that lasts longer for a hang (25)", "SECONDS" },
    { "minimise", 0, 0, G_OPTION_ARG_INT, &minimise, "Minimise each group for so long (60)", "SECONDS" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* --- replaying --- */

/* Replays once. Returns the signature, or NULL where it went well; @report is what was said, if that is wanted. */
static gboolean
replay(const CpCrash *crash, const char *file, CpSignature **signature, char **report, GError **error)
{
    g_autoptr(CpExecution) execution = cp_execution_run(crash->program, file, timeout, error);

    if (!execution)
        return FALSE;
    *signature = cp_signature_read(execution->report, execution->status, execution->timed_out);
    if (report)
        *report = g_steal_pointer(&execution->report);
    return TRUE;
}

/* Replays until it crashes, or has been replayed as often as is asked for. */
static gboolean
replay_until_crash(CpCrash *crash, GError **error)
{
    int i;

    for (i = 0; i < replays && !crash->signature; i++) {
        g_clear_pointer(&crash->report, g_free);
        if (!replay(crash, crash->path, &crash->signature, &crash->report, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
measure_reliability(CpGroup *group, GError **error)
{
    const CpCrash *first = cp_group_first(group);

    for (group->replays = 0; group->replays < (guint)replays; group->replays++) {
        g_autoptr(CpSignature) signature = NULL;

        if (!replay(first, first->path, &signature, NULL, error))
            return FALSE;
        group->reproduced += signature && cp_signature_similar(signature, first->signature);
    }
    return TRUE;
}

typedef struct {
    const CpCrash *crash;
    const char *file;
} Candidate;

static gboolean
is_same(const char *data, gsize length, gpointer user)
{
    const Candidate *candidate = user;
    g_autoptr(CpSignature) signature = NULL;

    g_unlink(candidate->file); /* GLib would write over it, but leave what is longer */
    return g_file_set_contents_full(candidate->file, data, length, G_FILE_SET_CONTENTS_NONE, 0600, NULL) &&
           replay(candidate->crash, candidate->file, &signature, NULL, NULL) && signature &&
           cp_signature_equal(signature, candidate->crash->signature);
}

/* A defect that the target notes is known well enough: the input stays as it is. */
static gboolean
minimise_group(CpGroup *group, const char *directory, GError **error)
{
    const CpCrash *first = cp_group_first(group);
    g_autofree char *file = g_build_filename(directory, "candidate", NULL);
    g_autofree char *data = NULL;
    Candidate candidate = { first, file };
    gsize length;

    if (!g_file_get_contents(first->path, &data, &length, error))
        return FALSE;
    if (cp_signature_known(first->signature)) {
        group->input = g_string_new_len(data, length);
        group->complete = TRUE;
        return TRUE;
    }
    group->input = cp_minimise(data, length, is_same, &candidate,
                               g_get_monotonic_time() + minimise * G_TIME_SPAN_SECOND, &group->complete);
    g_unlink(file);
    return TRUE;
}

/* --- writing --- */

#define TABLE_HEAD "reproduced  inputs    bytes  minimised  again with\n"

/* A row of the table that is printed, and the first lines of a report. */
static void
append_row(GString *text, const CpGroup *group, const char *command)
{
    const CpCrash *first = cp_group_first(group);
    const char *known = cp_signature_known(first->signature);
    g_autofree char *reliability = g_strdup_printf("%u/%u", group->reproduced, group->replays);

    g_string_append_printf(text, "%10s  %6u  %7" G_GSIZE_FORMAT "  %9" G_GSIZE_FORMAT "%s %s", reliability,
                           group->crashes->len, first->size, group->input->len, group->complete ? " " : "+", command);
    g_string_append(text, known ? "  known: " : "");
    g_string_append_printf(text, "%s\n", known ? known : "");
}

static char *
describe(const CpGroup *group, const char *command)
{
    const CpCrash *first = cp_group_first(group);
    GString *text = g_string_new(TABLE_HEAD);
    guint i;

    append_row(text, group, command);
    g_string_append_printf(text, "\n%s: %s\n", first->signature->kind, first->signature->message);
    for (i = 0; i < first->signature->frames->len; i++) {
        const CpFrame *frame = g_ptr_array_index(first->signature->frames, i);

        g_string_append_printf(text, "    %s %s:%u:%u\n", frame->function, frame->file, frame->line, frame->column);
    }
    g_string_append(text, "\ninputs:\n");
    for (i = 0; i < group->crashes->len; i++)
        g_string_append_printf(text, "    %s\n", ((CpCrash *)g_ptr_array_index(group->crashes, i))->path);
    g_string_append_printf(text, "\nThe first of these said:\n\n%s", first->report);
    return g_string_free(text, FALSE);
}

static gboolean
write_group(const CpGroup *group, const char *directory, GError **error)
{
    const char *target = cp_group_first(group)->target;
    g_autofree char *folder = g_build_filename(directory, target, group->name, NULL);
    g_autofree char *input = g_build_filename(folder, "input", NULL);
    g_autofree char *report = g_build_filename(folder, "report.txt", NULL);
    g_autofree char *command = g_strdup_printf("scripts/fuzz repro %s/%s/%s/input", output, target, group->name);
    g_autofree char *text = describe(group, command);
    g_autoptr(GString) row = g_string_new(NULL);

    append_row(row, group, command);
    g_print("%s", row->str);
    g_mkdir_with_parents(folder, 0777);
    return g_file_set_contents_full(input, group->input->str, group->input->len, G_FILE_SET_CONTENTS_NONE, 0666,
                                    error) &&
           g_file_set_contents_full(report, text, -1, G_FILE_SET_CONTENTS_NONE, 0666, error);
}

static int
remove_entry(const char *path,
             const struct stat *status G_GNUC_UNUSED,
             int kind G_GNUC_UNUSED,
             struct FTW *place G_GNUC_UNUSED)
{
    return remove(path);
}

static void
remove_folder(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Whether nothing would be lost if @output were written anew: it is not there, empty, or of an earlier call. */
static gboolean
may_be_replaced(void)
{
    g_autofree char *sarif = g_build_filename(output, "triage.sarif", NULL);

    return g_file_test(sarif, G_FILE_TEST_EXISTS) || g_rmdir(output) == 0 || errno == ENOENT;
}

/* Puts what is in @directory in the place of what an earlier call has written. */
static gboolean
put_in_place(const char *directory, GError **error)
{
    remove_folder(output);
    if (g_rename(directory, output) == 0)
        return TRUE;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s cannot be written: %s", output, g_strerror(errno));
    return FALSE;
}

/* --- the whole --- */

/* Reads the lines of standard input. */
static GPtrArray *
read_inputs(GError **error)
{
    g_autoptr(GPtrArray) crashes = g_ptr_array_new_with_free_func((GDestroyNotify)cp_crash_free);
    char line[PATH_MAX * 3];

    while (fgets(line, sizeof(line), stdin)) {
        g_auto(GStrv) fields = g_strsplit(g_strchomp(line), "\t", 3);
        CpCrash *crash = g_new0(CpCrash, 1);
        GStatBuf status;

        g_ptr_array_add(crashes, crash);
        if (g_strv_length(fields) != 3 || g_stat(fields[2], &status) < 0) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "not an input: %s", line);
            return NULL;
        }
        crash->target = g_strdup(fields[0]);
        crash->program = g_strdup(fields[1]);
        crash->path = g_strdup(fields[2]);
        crash->size = status.st_size;
    }
    return g_steal_pointer(&crashes);
}

static gboolean
replay_all(GPtrArray *inputs, GPtrArray *crashes, GError **error)
{
    guint i;

    for (i = 0; i < inputs->len; i++) {
        CpCrash *crash = g_ptr_array_index(inputs, i);

        if (!replay_until_crash(crash, error))
            return FALSE;
        if (crash->signature)
            g_ptr_array_add(crashes, crash);
        else
            g_print("%s: well, %d times\n", crash->path, replays);
    }
    return TRUE;
}

static gboolean
work_out(CpGroup *group, const char *directory, GError **error)
{
    return measure_reliability(group, error) && minimise_group(group, directory, error) &&
           write_group(group, directory, error);
}

static gboolean
all_complete(const GPtrArray *groups)
{
    guint i;

    for (i = 0; i < groups->len; i++) {
        if (!((CpGroup *)g_ptr_array_index(groups, i))->complete)
            return FALSE;
    }
    return TRUE;
}

/* How many groups there are; -1 where something went wrong. */
static int
triage(GPtrArray *inputs, const char *directory, GError **error)
{
    g_autoptr(GPtrArray) crashes = g_ptr_array_new();
    g_autoptr(GPtrArray) groups = NULL;
    g_autofree char *file = g_build_filename(directory, "triage.sarif", NULL);
    g_autofree char *sarif = NULL;
    guint i;

    if (!replay_all(inputs, crashes, error))
        return -1;
    groups = cp_group_crashes(crashes);
    if (groups->len > 0)
        g_print(TABLE_HEAD);
    for (i = 0; i < groups->len; i++) {
        if (!work_out(g_ptr_array_index(groups, i), directory, error))
            return -1;
    }
    sarif = cp_sarif_write(groups, libvirt, capprobe);
    if (!g_file_set_contents_full(file, sarif, -1, G_FILE_SET_CONTENTS_NONE, 0666, error))
        return -1;
    g_print("%u inputs, %u of them crashed, groups: %u%s\n", inputs->len, crashes->len, groups->len,
            all_complete(groups) ? "" : "; + where more could be taken away in more time");
    return groups->len;
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- group crashes, and make them small");
    g_autoptr(GPtrArray) inputs = NULL;
    g_autofree char *directory = NULL;
    g_autoptr(GError) error = NULL;
    int groups;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s: %s; see --help\n", g_get_prgname(), error->message);
        return STATUS_USAGE;
    }
    if (!output || !libvirt || !capprobe || replays < 1 || timeout < 1 || minimise < 0) {
        g_printerr("%s: --output, --libvirt and --capprobe are needed, and numbers above 0\n", g_get_prgname());
        return STATUS_USAGE;
    }
    if (!may_be_replaced()) {
        g_printerr("%s: %s is there, and not of an earlier triage: say another place\n", g_get_prgname(), output);
        return STATUS_USAGE;
    }
    if (!(inputs = read_inputs(&error))) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        return STATUS_USAGE;
    }

    cp_execution_prepare();
    directory = g_strdup_printf("%s.partial", output);
    remove_folder(directory);
    g_mkdir_with_parents(directory, 0777);
    groups = triage(inputs, directory, &error);
    if (groups < 0 || !put_in_place(directory, &error)) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        remove_folder(directory);
        return STATUS_FAILED;
    }
    return groups > 0 ? STATUS_FOUND : STATUS_WELL;
}
