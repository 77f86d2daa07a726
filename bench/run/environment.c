/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Describes the environment of a run. Runs in the caller. */
#include "run/environment.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "config.h"
#include "run/elf-file.h"
#include "run/emulator-version.h"
#include "run/sandbox/instructions.h"
#include "run/tree.h"

/* Returns the first line of a file, or "" if it cannot be read. */
static char *
first_line(const char *path)
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return g_strdup("");
    text[strcspn(text, "\n")] = '\0';
    return text;
}

static char *
cpu_model(void)
{
    g_autofree char *text = NULL;
    const char *line = g_file_get_contents("/proc/cpuinfo", &text, NULL, NULL) ? strstr(text, "model name") : NULL;
    const char *value = line ? strstr(line, ": ") : NULL;
    return value ? g_strndup(value + 2, strcspn(value + 2, "\n")) : g_strdup("");
}

guint
cp_environment_count_modules(const CpFound *found)
{
    g_autofree char *dir = cp_found_path(found, found->module_dir);
    g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
    guint n = 0;
    for (const char *name; entries && (name = g_dir_read_name(entries));) {
        g_autofree char *path = g_build_filename(found->module_dir, name, NULL);
        n += g_str_has_suffix(name, ".so") && cp_tree_test(found->tree, path, G_FILE_TEST_IS_REGULAR);
    }
    return n;
}

static void
set(JsonObject *object, const char *name, const char *value)
{
    json_object_set_string_member(object, name, value ? value : "");
}

/* As set(), but frees `value`. */
static void
set_taken(JsonObject *object, const char *name, char *value)
{
    set(object, name, value);
    g_free(value);
}

/* Returns the build id of a file in the tree. */
static char *
build_id(const CpFound *found, const char *path)
{
    g_autofree char *file = cp_found_path(found, path);
    return cp_elf_build_id(file);
}

static JsonObject *
describe_libvirt(const CpFound *found)
{
    JsonObject *object = json_object_new();
    set_taken(object, "version", cp_found_libvirt_version(found));
    set(object, "library", found->library);
    set_taken(object, "library_build_id", build_id(found, found->library));
    set(object, "driver", found->driver);
    set_taken(object, "driver_build_id", found->driver ? build_id(found, found->driver) : NULL);
    set(object, "module_dir", found->libvirt_module_dir);
    return object;
}

static JsonObject *
describe_emulator(const CpFound *found, gint64 deadline_ns)
{
    JsonObject *object = json_object_new();
    g_autofree char *reason = NULL;
    set(object, "path", found->emulator);
    set_taken(object, "version", cp_emulator_version(found->tree, found->emulator, deadline_ns, &reason, NULL));
    set_taken(object, "build_id", build_id(found, found->emulator));
    set(object, "module_dir", found->emulator_module_dir);
    json_object_set_int_member(object, "modules", cp_environment_count_modules(found));
    return object;
}

static JsonObject *
describe_host(void)
{
    JsonObject *object = json_object_new();
    struct utsname name;
    double load = 0;

    uname(&name);
    getloadavg(&load, 1);
    set_taken(object, "kernel", g_strdup_printf("%s %s %s", name.sysname, name.release, name.machine));
    set_taken(object, "cpu", cpu_model());
    json_object_set_int_member(object, "cpus", sysconf(_SC_NPROCESSORS_ONLN));
    set_taken(object, "governor", first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
    json_object_set_double_member(object, "load_1min", load);
    char *refusal = cp_instructions_refusal();
    set_taken(object, "instructions", refusal ? refusal : g_strdup("counted"));
    return object;
}

JsonObject *
cp_environment_describe(const CpFound *found, const CpPlan *plan)
{
    JsonObject *environment = json_object_new();
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    set(environment, "capprobe", CP_VERSION);
    set_taken(environment, "date", g_date_time_format_iso8601(now));
    set(environment, "target", plan->target->name);
    if (found->tree)
        set(environment, "tree", found->tree);
    set(environment, "module_dir", found->module_dir);
    set(environment, "kvm", cp_kvm_name(plan->kvm));
    set(environment, "arch", plan->arch);
    set(environment, "machine", plan->machine);
    set(environment, "virttype", plan->virttype);
    json_object_set_boolean_member(environment, "privileged", geteuid() == 0 && !plan->target->unprivileged);
    json_object_set_object_member(environment, "host", describe_host());
    json_object_set_object_member(environment, "libvirt", describe_libvirt(found));
    json_object_set_object_member(environment, "emulator", describe_emulator(found, plan->connection.deadline_ns));
    return environment;
}
