/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe check`: does the libvirt of this host say what a fresh probe says? */
#include "base/duration.h"
#include "base/output.h"
#include "judge/check.h"
#include "run/find.h"
#include "run/live-daemon.h"
#include "run/live-host.h"
#include "run/machines.h"
#include "run/witness.h"
#include "show/check.h"
#include "verbs/verb.h"

#define DEFAULT_DEADLINE_NS (30 * CP_NS_PER_S)

typedef enum { TEXT, JSON, NAGIOS, PROMETHEUS } Format;

typedef struct {
    const CpOptions *options;
    Format format;
    CpLiveDaemon daemon;
    CpFound *found;
    CpWitnessSpec live, fresh; /* their emulator and architecture change */
    GPtrArray *findings;       /* of CpCheckFinding */
} Check;

static gboolean
find_format(const char *name, Format *format, GError **error)
{
    static const char *const names[] = { "text", "json", "nagios", "prometheus" };
    *format = TEXT;
    for (gsize i = 0; name && i < G_N_ELEMENTS(names); i++) {
        *format = i;
        if (g_str_equal(names[i], name))
            return TRUE;
    }
    if (name)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--format %s: expected text, json, nagios or prometheus", name);
    return !name;
}

static gboolean
refuse(GError **error, const char *why)
{
    g_set_error_literal(error, CP_ERROR, CP_ERROR_UNTESTABLE, why);
    return FALSE;
}

/* --- both witnesses --- */

/* Asks both. */
static gboolean
ask_both(const Check *check, CpStatement **live, CpStatement **fresh, GError **error)
{
    return (*live = cp_witness_ask(&check->live, CP_REQUEST_READ, error)) &&
           (*fresh = cp_witness_ask(&check->fresh, CP_REQUEST_READ, error));
}

/* Looks at the host as it is after the last question. */
static void
look_after(const Check *check, CpCheckCase *evidence)
{
    cp_host_times_free(evidence->after);
    g_free(evidence->cached);
    evidence->after = cp_live_host_look(check->found, check->daemon.cache, evidence->emulator);
    evidence->cached = cp_live_host_document(evidence->after);
}

/* Checks one emulator. */
static gboolean
check_emulator(Check *check, const char *emulator, const char *arch, GError **error)
{
    g_autoptr(CpCheckCase) evidence = g_new0(CpCheckCase, 1);
    check->live.emulator = check->fresh.emulator = emulator;
    check->live.arch = check->fresh.arch = arch;
    evidence->emulator = g_strdup(emulator);
    evidence->arch = g_strdup(arch);
    evidence->before = cp_live_host_look(check->found, check->daemon.cache, emulator);
    if (!ask_both(check, &evidence->live[0], &evidence->fresh[0], error))
        return FALSE;
    look_after(check, evidence);
    if (!cp_check_is_settled(evidence)) {
        if (!ask_both(check, &evidence->live[1], &evidence->fresh[1], error))
            return FALSE;
        look_after(check, evidence);
        cp_live_host_find_missing_library(check->found->module_dir, &evidence->missing_for, &evidence->missing_library);
    }
    g_ptr_array_add(check->findings, cp_check_judge(evidence, &check->daemon));
    return TRUE;
}

/* --- which emulators --- */

/* Adds the emulators in the capabilities that the witness tells, each with its architectures, to `known`. */
static gboolean
add_emulators(const CpWitnessSpec *witness, GPtrArray *all, GHashTable *known, GError **error)
{
    g_autoptr(CpStatement) said = cp_witness_ask(witness, CP_REQUEST_CAPABILITIES, error);
    if (!said)
        return FALSE;
    if (!said->answer)
        return refuse(error, said->error ? said->error : said->lost);
    g_autoptr(GPtrArray) machines = cp_machines_parse(said->answer);
    for (guint i = 0; i < machines->len; i++) {
        CpMachine *machine = machines->pdata[i];
        if (g_hash_table_add(known, g_strdup_printf("%s %s", machine->emulator, machine->arch)))
            g_ptr_array_add(all, g_strdupv((char *[]){ machine->emulator, machine->arch, NULL }));
    }
    return TRUE;
}

static gboolean
check_all_emulators(Check *check, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!add_emulators(&check->live, all, known, error) || !add_emulators(&check->fresh, all, known, error))
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        char **pair = all->pdata[i];
        if (!check_emulator(check, pair[0], pair[1], error))
            return FALSE;
    }
    return all->len > 0 || refuse(error, "libvirt knows no emulator");
}

/* Sets the emulator and the architecture that the daemon answers about; each stays NULL if it does not tell. */
static gboolean
ask_for_choice(const Check *check, char **emulator, char **arch, GError **error)
{
    g_autoptr(CpStatement) said = cp_witness_ask(&check->live, CP_REQUEST_READ, error);
    if (said && said->answer)
        cp_machines_parse_choice(said->answer, emulator, arch);
    return said != NULL;
}

static gboolean
check_one_emulator(Check *check, GError **error)
{
    const CpOptions *options = check->options;
    g_autofree char *emulator = NULL, *arch = NULL;
    if (!ask_for_choice(check, &emulator, &arch, error))
        return FALSE;
    return check_emulator(check, emulator ? emulator : check->found->emulator,
                          arch            ? arch
                          : options->arch ? options->arch
                                          : "",
                          error);
}

/* --- the check --- */

/* Refuses if the daemon cannot be asked, or is another libvirt than the installed one. */
static gboolean
check_daemon(const Check *check, GError **error)
{
    g_autoptr(CpStatement) version = cp_witness_ask(&check->live, CP_REQUEST_VERSION, error);
    if (!version)
        return FALSE;
    g_autofree char *refusal = cp_check_explain_refusal(version, &check->daemon);
    if (refusal)
        return refuse(error, refusal);
    guint64 running = g_ascii_strtoull(version->answer, NULL, 10);
    if (running == check->found->libvirt_version)
        return TRUE;
    g_autofree char *installed = cp_found_libvirt_version(check->found);
    g_autofree char *other = cp_libvirt_version_format(running);
    g_autofree char *restart = cp_check_restart(&check->daemon);
    g_autofree char *why = g_strdup_printf("%s: the daemon is libvirt %s, but %s is installed: '%s', then check again",
                                           check->daemon.asked, other, installed, restart);
    return refuse(error, why);
}

static gboolean
run(Check *check, gint64 deadline_ns, GError **error)
{
    const CpOptions *options = check->options;
    check->found = cp_find(NULL, NULL, options->emulator, NULL, deadline_ns, error);
    if (!check->found)
        return FALSE;
    check->fresh = (CpWitnessSpec){ .found = check->found,
                                    .emulator = options->emulator ? check->found->emulator : "",
                                    .arch = options->arch ? options->arch : "",
                                    .machine = options->machine ? options->machine : "",
                                    .virttype = options->virttype ? options->virttype : "",
                                    .deadline_ns = deadline_ns };
    check->live = check->fresh;
    check->live.uri = check->daemon.uri;
    check->live.socket_dir = check->daemon.socket_dir;
    check->fresh.settings_dir = check->daemon.settings_dir;
    return check_daemon(check, error) &&
           (options->all_emulators ? check_all_emulators(check, error) : check_one_emulator(check, error));
}

static void
print(const Check *check, const CpCheckReport *report, CpExit status, FILE *out)
{
    switch (check->format) {
    case TEXT:
        cp_check_print_text(report, check->options->whole, out);
        break;
    case JSON:
        cp_check_print_json(report, out);
        break;
    case NAGIOS:
        cp_check_print_nagios(report, status, out);
        break;
    case PROMETHEUS:
        cp_check_print_prometheus(report, out);
        break;
    }
}

/* Prints the report. `problem` is why it is not complete, or NULL. */
static gboolean
report(const Check *check, const GError *problem, CpExit *status, GError **error)
{
    const CpCheckReport report = { .findings = check->findings, .problem = problem ? problem->message : NULL };
    *status = cp_check_exit(&report, check->options->strict);
    if (problem && *status == CP_EXIT_UNTESTABLE)
        *status = cp_error_exit(problem);
    g_autoptr(CpOutput) output = cp_output_begin(check->options->output ? check->options->output : "-", error);
    if (!output)
        return FALSE;
    print(check, &report, *status, cp_output_stream(output));
    return cp_output_commit(g_steal_pointer(&output), error);
}

CpExit
cp_verb_check(const CpOptions *options, char **arguments G_GNUC_UNUSED, GError **error)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func((GDestroyNotify)cp_check_finding_free);
    g_auto(CpLiveDaemon) daemon = { 0 };
    g_autoptr(GError) problem = NULL;
    Check check = { .options = options, .findings = findings };
    gint64 deadline_ns;
    if (!find_format(options->format, &check.format, error) ||
        !cp_option_duration("deadline", options->deadline, DEFAULT_DEADLINE_NS, &deadline_ns, error) ||
        !cp_output_check(options->output, error))
        return CP_EXIT_USAGE;
    if (options->all_emulators && (options->emulator || options->arch || options->machine || options->virttype)) {
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE,
                    "--all-emulators excludes --emulator, --arch, --machine and --virttype");
        return CP_EXIT_USAGE;
    }
    gboolean is_found = cp_live_daemon_find(options->connect, &daemon, &problem);
    if (g_error_matches(problem, CP_ERROR, CP_ERROR_USAGE)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return CP_EXIT_USAGE;
    }
    check.daemon = daemon;

    CpExit status;
    if (is_found)
        run(&check, deadline_ns, &problem);
    g_clear_pointer(&check.found, cp_found_free);
    if (!report(&check, problem, &status, error))
        return CP_EXIT_FAILED;
    if (problem && check.format == TEXT)
        cp_verb_complain(problem);
    return status;
}
