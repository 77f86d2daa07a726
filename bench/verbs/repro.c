/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `capprobe repro`: lists the known defects and reproduces them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run/environment.h"
#include "run/find.h"
#include "run/first-line.h"
#include "run/interrupt.h"
#include "run/own-files.h"
#include "show/repro.h"
#include "verbs/repro-explain.h"
#include "verbs/repro-export.h"
#include "verbs/repro-patch.h"

/* How long a run of a fuzz target may take if the user has not said so, in ns. */
#define FUZZ_DEADLINE_NS G_GINT64_CONSTANT(60000000000)
#define RUNS_MAX 1000

typedef void Print(const CpRepros *repros, FILE *out);

/* The libvirt at hand. */
typedef struct {
    char *libvirt, *qemu; /* versions; NULL if they are not known */
    char *environment;    /* the same and more, as text */
    char *fuzz, *no_fuzz; /* as in CpReproSpec */
    char *fuzz_libvirt;   /* the version of libvirt whose code the fuzz targets have; NULL if it is not known */
} Host;

static void
host_clear(Host *host)
{
    g_free(host->libvirt);
    g_free(host->qemu);
    g_free(host->environment);
    g_free(host->fuzz);
    g_free(host->no_fuzz);
    g_free(host->fuzz_libvirt);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Host, host_clear)

/* Returns the number, such as "7.2.22", after `prefix` in the version of an object in the environment; NULL if it is not there. */
static char *
version_of(JsonObject *environment, const char *object, const char *prefix)
{
    const char *text = json_object_get_string_member(json_object_get_object_member(environment, object), "version");
    if (!text || !g_str_has_prefix(text, prefix))
        return NULL;
    text += strlen(prefix);
    gsize length = strspn(text, "0123456789.");
    return length > 0 ? g_strndup(text, length) : NULL;
}

/* Finds out what there is, as far as possible: the catalogue can be listed without a libvirt. */
static void
find_libvirt(const CpOptions *options, const CpTarget *target, Host *host)
{
    g_autoptr(CpFound) found = cp_find(options->tree, options->libvirt, options->emulator, options->modules, 0, NULL);
    if (!found) {
        host->environment = g_strdup("{}\n");
        return;
    }
    const CpPlan plan = { .target = target,
                          .connection.deadline_ns = CP_FIRST_LINE_DEADLINE_NS,
                          .arch = options->arch,
                          .machine = options->machine,
                          .virttype = options->virttype,
                          .kvm = cp_find_kvm_usable() ? CP_KVM_ON : CP_KVM_OFF };
    g_autoptr(JsonObject) environment = cp_environment_describe(found, &plan);
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), environment);
    g_autofree char *text = json_to_string(root, TRUE);
    host->libvirt = version_of(environment, "libvirt", "");
    host->qemu = version_of(environment, "emulator", "QEMU emulator version ");
    host->environment = g_strconcat(text, "\n", NULL);
}

/* Returns the version of libvirt in what `scripts/fuzz build` leaves beside the fuzz targets; NULL if it is not there. */
static char *
version_of_targets(const char *folder)
{
    static const char key[] = "\nVersion: ";
    g_autofree char *path = g_build_filename(folder, "recipe", NULL), *recipe = NULL;
    g_file_get_contents(path, &recipe, NULL, NULL);
    const char *version = recipe ? strstr(recipe, key) : NULL;
    return version ? g_strndup(version + strlen(key), strspn(version + strlen(key), "0123456789.")) : NULL;
}

/* Finds the folder of the fuzz targets: that of --fuzz, or where `scripts/fuzz` builds those of this version. */
static void
find_fuzz(const CpOptions *options, const char *corpus, Host *host)
{
    if (options->fuzz) {
        host->fuzz = g_canonicalize_filename(options->fuzz, NULL);
        host->fuzz_libvirt = version_of_targets(host->fuzz);
        host->no_fuzz = g_strdup("--fuzz must name a folder that 'scripts/fuzz build' has printed");
    } else if (options->libvirt) {
        host->no_fuzz = g_strdup("which fuzz targets have the code of this libvirt is not known: "
                                 "'scripts/fuzz build --src DIR' builds them and prints their folder, for --fuzz");
    } else if (!host->libvirt) {
        host->no_fuzz =
            g_strdup("no libvirt was found: without its version --fuzz must name the folder of the fuzz targets");
    } else {
        /* In a build folder the corpus is a link to that of the source tree. */
        g_autofree char *source = realpath(corpus, NULL);
        host->fuzz = g_strdup_printf("%s/../build/fuzz-%s-asan", source ? source : corpus, host->libvirt);
        host->no_fuzz = g_strdup_printf("'scripts/fuzz build --release %s' builds it", host->libvirt);
    }
}

static Print *
find_format(const CpOptions *options, const char *id, GError **error)
{
    gboolean tried = id || options->all;
    if (!options->format || g_str_equal(options->format, "text"))
        return !tried ? cp_repros_print_list : id ? cp_repros_print_one : cp_repros_print_table;
    if (g_str_equal(options->format, "json"))
        return cp_repros_print_json;
    if (tried && g_str_equal(options->format, "junit"))
        return cp_repros_print_junit;
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--format %s: expected text, json%s", options->format,
                tried ? " or junit" : "; or junit with an ID or --all");
    return NULL;
}

/* Returns the defects that were asked for, an array of CpRepro: all of them, those of the shard, or the one `id`. */
static GPtrArray *
choose(const GPtrArray *bugs,
       const char *id,
       const CpOptions *options,
       const Host *host,
       const CpTarget *target,
       GError **error)
{
    CpShard shard;
    g_autoptr(GPtrArray) repros = g_ptr_array_new_with_free_func((GDestroyNotify)cp_repro_free);
    if (!cp_option_shard(options->shard, &shard, error))
        return NULL;
    for (guint i = 0; i < bugs->len; i++) {
        const CpBug *bug = bugs->pdata[i];
        const char *libvirt = !bug->scenario && host->fuzz_libvirt ? host->fuzz_libvirt : host->libvirt;
        if (id ? g_str_equal(bug->id, id) : cp_shard_has(shard, i))
            g_ptr_array_add(repros, cp_repro_new(bug, cp_bug_forecast(bug, libvirt, host->qemu, target->name)));
    }
    if (repros->len > 0 || !id)
        return g_steal_pointer(&repros);
    g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "unknown defect '%s'; 'capprobe repro' lists all", id);
    return NULL;
}

static gboolean
check_options(const CpOptions *options, const char *id, GError **error)
{
    if (id && (options->all || options->shard))
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "%s: expected no ID, but got '%s'",
                    options->all ? "--all" : "--shard", id);
    else if ((options->export || options->explain || options->patch) && !id)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s needs the ID of a defect",
                    options->export    ? "export"
                    : options->explain ? "explain"
                                       : "patch");
    else if (!!options->export + !!options->explain + !!options->patch > 1)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--export, --explain and --patch exclude each other");
    else if (options->format && (options->export || options->explain || options->patch))
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--export, --explain and --patch exclude --format");
    else if ((options->src || options->cost) && !options->patch)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--%s needs --patch", options->src ? "src" : "cost");
    else if (options->assets && !options->export)
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--assets needs --export");
    else if (options->keep && !g_file_test(options->keep, G_FILE_TEST_IS_DIR))
        g_set_error(error, CP_ERROR, CP_ERROR_USAGE, "--keep %s: expected a folder that exists", options->keep);
    else
        return TRUE;
    return FALSE;
}

/* Tries the defects, one after the other. */
static gboolean
try_all(const CpReproSpec *spec, const GPtrArray *repros, GError **error)
{
    for (guint i = 0; i < repros->len; i++) {
        CpRepro *repro = repros->pdata[i];
        if (!cp_repro_try(spec, repro, error))
            return FALSE;
        if (cp_interrupted())
            repro->broken = CP_EXIT_INTERRUPTED;
        if (repro->broken)
            break;
    }
    return TRUE;
}

CpExit
cp_verb_repro(const CpOptions *options, char **arguments, GError **error)
{
    const char *id = arguments[0];
    gboolean tried = id || options->all;
    Print *print = find_format(options, id, error);
    const CpTarget *target = print && check_options(options, id, error) ? cp_target_find(options->target, error) : NULL;
    if (!target)
        return CP_EXIT_USAGE;
    g_autofree char *corpus = cp_own_corpus(error);
    g_autofree char *folder = corpus ? g_build_filename(corpus, "bugs", NULL) : NULL;
    g_autoptr(GPtrArray) bugs = folder ? cp_bugs_load(folder, error) : NULL;
    if (!bugs)
        return CP_EXIT_FAILED;

    g_auto(Host) host = { 0 };
    find_libvirt(options, target, &host);
    find_fuzz(options, corpus, &host);
    g_autoptr(GPtrArray) repros = choose(bugs, id, options, &host, target, error);
    if (repros && options->patch)
        return cp_repro_patch(options, id, corpus, host.libvirt, error);
    CpReproSpec spec = { .options = options, .fuzz = host.fuzz, .no_fuzz = host.no_fuzz };
    if (!repros || !cp_option_number("rounds", options->rounds, 1, RUNS_MAX, CP_REPRO_RUNS, &spec.runs, error) ||
        !cp_option_duration("deadline", options->deadline, FUZZ_DEADLINE_NS, &spec.deadline_ns, error) ||
        !cp_interrupt_begin(error))
        return CP_EXIT_FAILED;
    if (options->export && !cp_repro_export(&spec, repros->pdata[0], host.environment, error))
        return CP_EXIT_FAILED;
    if (options->export)
        return cp_interrupted() ? CP_EXIT_INTERRUPTED : CP_EXIT_WELL;
    if (options->explain)
        return cp_repro_explain(&spec, repros->pdata[0], error);
    if (tried && !try_all(&spec, repros, error))
        return CP_EXIT_FAILED;
    print(&(CpRepros){ repros, host.libvirt, host.qemu, tried, host.fuzz_libvirt }, stdout);
    return tried ? cp_repros_exit(repros) : CP_EXIT_WELL;
}
