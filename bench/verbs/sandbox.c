/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe sandbox`: runs a command in the sandbox that runs use. */
#include "run/command.h"
#include "verbs/verb.h"

/* Returns the paths of folders as absolute paths; free with g_strfreev(). NULL with `error` set if one is not a folder. */
static GStrv
make_absolute(const char *option, char **paths, GError **error)
{
    g_autoptr(GStrvBuilder) absolute = g_strv_builder_new();
    for (; paths && *paths; paths++) {
        if (!g_file_test(*paths, G_FILE_TEST_IS_DIR)) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s %s: expected a folder that exists", option, *paths);
            return NULL;
        }
        g_autofree char *path = g_canonicalize_filename(*paths, NULL);
        g_strv_builder_add(absolute, path);
    }
    return g_strv_builder_end(absolute);
}

CpExit
cp_verb_sandbox(const CpOptions *options, char **arguments, GError **error)
{
    CpCommandSpec spec = {
        .argv = arguments,
        .plain = options->plain,
        .tree = options->tree,
        .libvirt = options->libvirt,
        .emulator = options->emulator,
        .modules = options->modules,
        .kvm = options->kvm,
    };
    if (!cp_option_duration("deadline", options->deadline, 0, &spec.deadline_ns, error))
        return CP_EXIT_USAGE;
    if (spec.plain && (spec.libvirt || spec.emulator || spec.modules || spec.kvm)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--plain excludes --libvirt, --emulator, --modules and --kvm");
        return CP_EXIT_USAGE;
    }

    g_auto(GStrv) writable = make_absolute("--writable", options->writable, error);
    g_auto(GStrv) hidden = writable ? make_absolute("--hide", options->hidden, error) : NULL;
    if (!hidden)
        return CP_EXIT_USAGE;
    spec.writable = (const char *const *)writable;
    spec.hidden = (const char *const *)hidden;

    int status;
    return cp_command_run(&spec, &status, error) ? (CpExit)status : CP_EXIT_FAILED;
}
