/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* capprobe sandbox: runs a command in the sandbox that runs use. */
#include "verbs/verb.h"

#include "base/duration.h"
#include "run/command.h"

static struct {
    CpCommandSpec spec;
    char *deadline;
    char **writable, **hidden;
} options;

static const GOptionEntry entries[] = {
    { "libvirt", 0, 0, G_OPTION_ARG_FILENAME, &options.spec.libvirt,
      "Let the command use the libvirt built in this folder (default: the system's)", "DIR" },
    { "emulator", 0, 0, G_OPTION_ARG_FILENAME, &options.spec.emulator,
      "The emulator of which the sandbox has a private copy (default: the one that libvirt would choose)", "PATH" },
    { "kvm", 0, 0, G_OPTION_ARG_STRING, &options.spec.kvm,
      "/dev/kvm in the sandbox: usable, absent or host (default: usable if this user can open it, else absent)",
      "STATE" },
    { "writable", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.writable,
      "Leave this folder of the host writable; can be given several times", "DIR" },
    { "hide", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.hidden,
      "Cover this folder of the host with an empty one; can be given several times", "DIR" },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &options.spec.plain,
      "Only make namespaces and mounts; needs neither libvirt nor an emulator on this host", NULL },
    { "deadline", 0, 0, G_OPTION_ARG_STRING, &options.deadline,
      "Kill everything in the sandbox after this time, and exit with 125 (default: never)", "DURATION" },
    { NULL },
};

/* Makes the paths of folders absolute. Returns FALSE if one is not a folder. */
static gboolean
make_absolute(const char *option, char **paths, GError **error)
{
    for (; paths && *paths; paths++) {
        if (!g_file_test(*paths, G_FILE_TEST_IS_DIR)) {
            g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s %s: expected a folder that exists", option, *paths);
            return FALSE;
        }
        char *absolute = g_canonicalize_filename(*paths, NULL);
        g_free(*paths);
        *paths = absolute;
    }
    return TRUE;
}

static gboolean
check_options(CpCommandSpec *spec, GError **error)
{
    if (options.deadline && (!cp_duration_parse(options.deadline, &spec->deadline_ns) || spec->deadline_ns == 0)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--deadline %s: expected a duration such as 500ms or 30s",
                    options.deadline);
        return FALSE;
    }
    if (spec->plain && (spec->libvirt || spec->emulator || spec->kvm)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--plain excludes --libvirt, --emulator and --kvm");
        return FALSE;
    }
    return make_absolute("--writable", options.writable, error) && make_absolute("--hide", options.hidden, error);
}

static CpExit
run(int argc, char **argv, GError **error)
{
    int status = CP_EXIT_FAILED;

    /* GOption leaves the "--" in front of arguments that begin with a dash. */
    if (argc > 0 && g_str_equal(argv[0], "--")) {
        argc--;
        argv++;
    }
    if (argc == 0) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "sandbox: expected a command, such as: capprobe sandbox -- ls /run");
        return CP_EXIT_USAGE;
    }
    if (!check_options(&options.spec, error))
        return CP_EXIT_USAGE;
    options.spec.argv = argv;
    options.spec.writable = (const char *const *)options.writable;
    options.spec.hidden = (const char *const *)options.hidden;
    return cp_command_run(&options.spec, &status, error) ? (CpExit)status : CP_EXIT_FAILED;
}

const CpVerb cp_verb_sandbox = {
    .name = "sandbox",
    .arguments = "-- COMMAND [ARGUMENT]...",
    .summary = "run a command in the sandbox that scenarios run in",
    .description =
        "Runs a command in private namespaces, as root or as an ordinary user. The host is read-only; /run, /dev, "
        "/proc "
        "and libvirt's\n"
        "folders below /var are private; the module directory and the emulator are private copies, which the command "
        "may "
        "change. HOME\n"
        "and TMPDIR are /run/capprobe/tmp. libvirt's embedded driver can use /run/capprobe/root.\n"
        "\n"
        "Example: what does libvirt answer without a certain module, without KVM?\n"
        "\n"
        "  capprobe sandbox --kvm absent -- sh -c '\n"
        "      rm /usr/lib/*/qemu/hw-display-qxl.so\n"
        "      virsh -c \"qemu:///embed?root=/run/capprobe/root\" domcapabilities'\n"
        "\n"
        "When the command ends, everything that it started is killed. The exit status is the command's: 128 plus the "
        "number of the\n"
        "signal that killed it, 127 if it was not found, 126 if it could not be executed; 125 if the sandbox cannot be "
        "made or the\n"
        "deadline has passed, 254 for wrong usage.",
    .options = entries,
    .run = run,
};
