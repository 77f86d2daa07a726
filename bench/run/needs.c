/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a scenario says that it needs of the host. */
#include "run/needs.h"

#include <unistd.h>

#include "run/cpu.h"
#include "run/tree.h"
#include "run/writable-root.h"

/* Where the sandbox looks for programs, which is not where this process does. */
static gboolean
has_command(const CpFound *found, const char *name)
{
    g_autofree char *path = cp_tree_find_program(found->tree ? found->tree : "/", name);
    return path != NULL;
}

static char *
emulator_refusal(const CpFound *found, const char *name)
{
    g_autofree char *folder = g_path_get_dirname(found->emulator);
    g_autofree char *path = g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(folder, name, NULL);
    return cp_tree_test(found->tree, path, G_FILE_TEST_IS_REGULAR)
               ? NULL
               : g_strdup_printf("this host has no emulator %s", path);
}

char *
cp_need_refusal(const CpStep *step, const CpFound *found, gboolean kvm, gboolean daemons)
{
    const char *what = step->args[0];
    if (g_str_equal(what, "kvm") && !kvm)
        return g_strdup("KVM is not usable in the sandbox");
    if (g_str_equal(what, "daemons") && !daemons)
        return g_strdup("the target has no daemons");
    if (g_str_equal(what, "emulator"))
        return emulator_refusal(found, step->args[1]);
    if (g_str_equal(what, "command") && !has_command(found, step->args[1]))
        return g_strdup_printf("this host has no command %s", step->args[1]);
    if (g_str_equal(what, "writable-root"))
        return cp_writable_root_refusal(found->tree);
    if (g_str_equal(what, "root") && geteuid() != 0)
        return g_strdup("not root");
    if (g_str_equal(what, "cpus") && cp_cpu_count() < step->number)
        return g_strdup_printf("fewer than %s CPUs", step->args[1]);
    if (g_str_equal(what, "cpuid") && !cp_cpu_has_leaf(step->number))
        return g_strdup_printf("this CPU has no CPUID leaf %s", step->args[1]);
    return NULL;
}
