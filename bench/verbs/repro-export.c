/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exports known defects as folders for a report. */
#include "verbs/repro-export.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/input.h"
#include "export/export.h"

/* How long an exported script may take, in seconds. */
#define SCRIPT_S "600"

/* Writes a file of the folder. */
static gboolean
write_file(const char *folder, const char *name, const char *text, gssize length, int mode, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_set_contents_full(path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, mode, error);
}

static gboolean
make_folder(const char *folder, GError **error)
{
    if (g_mkdir(folder, 0755) == 0)
        return TRUE;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: cannot be made: %s; expected a folder that does not exist yet",
                folder, g_strerror(errno));
    return FALSE;
}

/* Returns the script that shows the defect. NULL with `error` set if it cannot be made; NULL without an error if the defect has no script. */
static char *
make_script(const CpBug *bug, GError **error)
{
    g_autofree char *steps = NULL;
    gsize length;
    if (bug->scenario) {
        g_autoptr(CpScenario) scenario = cp_scenario_load(bug->scenario, error);
        return scenario ? cp_export_script(scenario, bug, error) : NULL;
    }
    return bug->steps && cp_input_read(bug->steps, &steps, &length, error) ? cp_export_steps(bug, steps) : NULL;
}

/* Writes what shows the defect: the script, with what it needs, or the input. */
static gboolean
write_exhibit(const CpBug *bug, const char *folder, const char *script, GError **error)
{
    g_autofree char *input = NULL, *name = NULL;
    gsize length;
    for (const CpExportFile *file = cp_export_files(); script && !bug->scenario && file->name; file++) {
        if (!write_file(folder, file->name, file->text, -1, 0644, error))
            return FALSE;
    }
    if (script)
        return write_file(folder, "reproduce.sh", script, -1, 0755, error);
    name = g_path_get_basename(bug->input);
    return cp_input_read(bug->input, &input, &length, error) && write_file(folder, name, input, length, 0644, error);
}

/* Runs the exported script, which makes namespaces of its own, and keeps what it prints. */
static gboolean
run_script(const char *folder, const char *assets, GError **error)
{
    g_autofree char *script = g_build_filename(folder, "reproduce.sh", NULL), *said = NULL;
    const char *argv[] = { "timeout", "--kill-after=10", SCRIPT_S, "sh", script, assets, NULL };
    return g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, NULL, error) &&
           write_file(assets, "output.txt", said, -1, 0644, error);
}

static gboolean
add_assets(const CpReproSpec *spec, CpRepro *repro, const char *folder, gboolean script, GError **error)
{
    g_autofree char *assets = g_build_filename(folder, "assets", NULL);
    if (!make_folder(assets, error))
        return FALSE;
    if (script)
        return run_script(folder, assets, error);
    if (!cp_repro_try(spec, repro, error))
        return FALSE;
    const char *said = repro->proof->len > 0 ? repro->proof->str : repro->reason ? repro->reason : "it does not show\n";
    return write_file(assets, "output.txt", said, -1, 0644, error);
}

gboolean
cp_repro_export(const CpReproSpec *spec, CpRepro *repro, const char *environment, GError **error)
{
    const CpBug *bug = repro->bug;
    const char *folder = spec->options->export;
    g_autoptr(GError) failure = NULL;
    g_autofree char *script = make_script(bug, &failure), *page = NULL;
    gsize length;

    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (!cp_input_read(bug->page, &page, &length, error))
        return FALSE;
    g_autofree char *text = cp_export_text(bug, page, script != NULL);
    return make_folder(folder, error) && write_exhibit(bug, folder, script, error) &&
           write_file(folder, "README.md", text, -1, 0644, error) &&
           write_file(folder, "environment.json", environment, -1, 0644, error) &&
           (!spec->options->assets || add_assets(spec, repro, folder, script != NULL, error));
}
