/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * triage: replays inputs, groups those that crash (group.h), minimises one input per group, and writes
 *
 *     OUTPUT/TARGET/NAME/input         the minimised input
 *     OUTPUT/TARGET/NAME/report.txt    a description of the group
 *     OUTPUT/triage.sarif              all groups (sarif.h)
 *
 * Standard input lists the inputs, one per line: target, program and file, separated by tabs. An input is replayed until
 * it crashes, at most N times. The input that represents a group is then replayed N times, which gives the group's
 * reliability, k/N. It is called by scripts/fuzz triage.
 */

#include <errno.h>
#include <ftw.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "triage/execution.h"
#include "triage/group.h"
#include "triage/minimise.h"
#include "triage/sarif.h"

static int replays = 10;
static int timeout = 25;
static int minimise = 60;
static char *output;
static char *libvirt;
static char *capprobe;

static const GOptionEntry options[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &output, "The folder to write to", "DIR" },
    { "libvirt", 0, 0, G_OPTION_ARG_FILENAME, &libvirt, "The folder of libvirt's source", "DIR" },
    { "capprobe", 0, 0, G_OPTION_ARG_FILENAME, &capprobe, "The folder of capprobe's source", "DIR" },
    { "replays", 0, 0, G_OPTION_ARG_INT, &replays, "Replay an input N times (default: 10)", "N" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &timeout, "Count a longer replay as a hang (default: 25)", "SECONDS" },
    { "minimise", 0, 0, G_OPTION_ARG_INT, &minimise, "Minimise each group for at most SECONDS (default: 60)",
      "SECONDS" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* --- replaying --- */

/* Replays once. Sets `signature`, to NULL if there is no crash, and `report` if it is not NULL. The caller owns both. */
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

/* Replays until there is a crash, at most --replays times. */
static gboolean
replay_until_crash(CpCrash *crash, GError **error)
{
    for (int i = 0; i < replays && !crash->signature; i++) {
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

    g_unlink(candidate->file); /* GLib overwrites a file in place, and does not always shorten it */
    return g_file_set_contents_full(candidate->file, data, length, G_FILE_SET_CONTENTS_NONE, 0600, NULL) &&
           replay(candidate->crash, candidate->file, &signature, NULL, NULL) && signature &&
           cp_signature_equal(signature, candidate->crash->signature);
}

/* Minimises the input of the first crash. The input of a known defect stays as it is. */
static gboolean
minimise_group(CpGroup *group, const char *directory, GError **error)
{
    const CpCrash *first = cp_group_first(group);
    g_autofree char *data = NULL;
    gsize length;

    if (!g_file_get_contents(first->path, &data, &length, error))
        return FALSE;
    if (cp_signature_known(first->signature)) {
        group->input = g_string_new_len(data, length);
        group->complete = TRUE;
        return TRUE;
    }
    g_autofree char *file = g_build_filename(directory, "candidate", NULL);
    Candidate candidate = { first, file };
    group->input = cp_minimise(data, length, is_same, &candidate,
                               g_get_monotonic_time() + minimise * G_TIME_SPAN_SECOND, &group->complete);
    g_unlink(file);
    return TRUE;
}

/* --- writing --- */

#define TABLE_HEAD "reproduced  inputs    bytes  minimised  command\n"

/* Appends a row of the table, which is printed and begins a report. */
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

/* Returns the report about `group`. The caller owns it. */
static char *
describe(const CpGroup *group, const char *command)
{
    const CpCrash *first = cp_group_first(group);
    GString *text = g_string_new(TABLE_HEAD);

    append_row(text, group, command);
    g_string_append_printf(text, "\n%s: %s\n", first->signature->kind, first->signature->message);
    for (guint i = 0; i < first->signature->frames->len; i++) {
        const CpFrame *frame = g_ptr_array_index(first->signature->frames, i);

        g_string_append_printf(text, "    %s %s:%u:%u\n", frame->function, frame->file, frame->line, frame->column);
    }
    g_string_append(text, "\ninputs:\n");
    for (guint i = 0; i < group->crashes->len; i++)
        g_string_append_printf(text, "    %s\n", ((CpCrash *)g_ptr_array_index(group->crashes, i))->path);
    g_string_append_printf(text, "\nThe report of the first input:\n\n%s", first->report);
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

/* Returns whether the output folder does not exist, is empty (then it is removed), or is the output of an earlier call. */
static gboolean
may_be_replaced(void)
{
    g_autofree char *sarif = g_build_filename(output, "triage.sarif", NULL);

    return g_file_test(sarif, G_FILE_TEST_EXISTS) || g_rmdir(output) == 0 || errno == ENOENT;
}

/* Replaces the output folder by `directory`. */
static gboolean
put_in_place(const char *directory, GError **error)
{
    remove_folder(output);
    if (g_rename(directory, output) == 0)
        return TRUE;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "cannot write %s: %s", output, g_strerror(errno));
    return FALSE;
}

/* --- inputs and groups --- */

/* Reads the list of inputs from standard input. The caller owns the array of CpCrash. */
static GPtrArray *
read_inputs(GError **error)
{
    g_autoptr(GPtrArray) crashes = g_ptr_array_new_with_free_func((GDestroyNotify)cp_crash_free);
    char line[PATH_MAX * 3];

    for (guint number = 1; fgets(line, sizeof(line), stdin); number++) {
        g_auto(GStrv) fields = g_strsplit(g_strchomp(line), "\t", 3);
        GStatBuf status;

        if (g_strv_length(fields) != 3 || g_stat(fields[2], &status) < 0) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "standard input:%u: not an input: \"%s\"; expected target, program and an existing file, "
                        "separated by tabs",
                        number, line);
            return NULL;
        }
        CpCrash *crash = g_new0(CpCrash, 1);
        g_ptr_array_add(crashes, crash);
        crash->target = g_strdup(fields[0]);
        crash->program = g_strdup(fields[1]);
        crash->path = g_strdup(fields[2]);
        crash->size = status.st_size;
    }
    return g_steal_pointer(&crashes);
}

/* Adds the inputs that crash to `crashes`. */
static gboolean
replay_all(GPtrArray *inputs, GPtrArray *crashes, GError **error)
{
    for (guint i = 0; i < inputs->len; i++) {
        CpCrash *crash = g_ptr_array_index(inputs, i);

        if (!replay_until_crash(crash, error))
            return FALSE;
        if (crash->signature)
            g_ptr_array_add(crashes, crash);
        else
            g_print("%s: no crash in %d replays\n", crash->path, replays);
    }
    return TRUE;
}

static gboolean
handle_group(CpGroup *group, const char *directory, GError **error)
{
    return measure_reliability(group, error) && minimise_group(group, directory, error) &&
           write_group(group, directory, error);
}

static gboolean
all_complete(const GPtrArray *groups)
{
    for (guint i = 0; i < groups->len; i++) {
        if (!((CpGroup *)g_ptr_array_index(groups, i))->complete)
            return FALSE;
    }
    return TRUE;
}

/* Returns the number of groups, or -1 and sets `error`. */
static int
triage(GPtrArray *inputs, const char *directory, GError **error)
{
    g_autoptr(GPtrArray) crashes = g_ptr_array_new();

    if (!replay_all(inputs, crashes, error))
        return -1;
    g_autoptr(GPtrArray) groups = cp_group_crashes(crashes);
    if (groups->len > 0)
        g_print(TABLE_HEAD);
    for (guint i = 0; i < groups->len; i++) {
        if (!handle_group(g_ptr_array_index(groups, i), directory, error))
            return -1;
    }
    g_autofree char *file = g_build_filename(directory, "triage.sarif", NULL);
    g_autofree char *sarif = cp_sarif_write(groups, libvirt, capprobe);
    if (!g_file_set_contents_full(file, sarif, -1, G_FILE_SET_CONTENTS_NONE, 0666, error))
        return -1;
    g_print("%u inputs, %u of them crashed, groups: %u%s\n", inputs->len, crashes->len, groups->len,
            all_complete(groups) ? "" : "; +: the input may become smaller with more time");
    return groups->len;
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- group crashes and minimise their inputs");
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s: %s; see --help\n", g_get_prgname(), error->message);
        return CP_EXIT_USAGE;
    }
    if (!output || !libvirt || !capprobe || replays < 1 || timeout < 1 || minimise < 0) {
        g_printerr(
            "%s: --output, --libvirt and --capprobe are required, --replays and --timeout must be at least 1, and "
            "--minimise must not be negative\n",
            g_get_prgname());
        return CP_EXIT_USAGE;
    }
    if (!may_be_replaced()) {
        g_printerr("%s: %s exists and is not of an earlier triage: choose another --output\n", g_get_prgname(), output);
        return CP_EXIT_USAGE;
    }
    g_autoptr(GPtrArray) inputs = read_inputs(&error);
    if (!inputs) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        return CP_EXIT_USAGE;
    }

    cp_execution_prepare();
    g_autofree char *directory = g_strdup_printf("%s.partial", output);
    remove_folder(directory);
    g_mkdir_with_parents(directory, 0777);
    int groups = triage(inputs, directory, &error);
    if (groups < 0 || !put_in_place(directory, &error)) {
        g_printerr("%s: %s\n", g_get_prgname(), error->message);
        remove_folder(directory);
        return CP_EXIT_FAILED;
    }
    return groups > 0 ? CP_EXIT_BAD : CP_EXIT_WELL;
}
