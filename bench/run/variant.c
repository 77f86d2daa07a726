/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A variant in a run. Runs in the caller. */
#include "run/variant.h"

#include <sys/wait.h>

#include "base/error.h"
#include "run/environment.h"
#include "run/find-daemons.h"
#include "run/sandbox/sandbox.h"
#include "run/tree.h"

static void
other_target_free(gpointer data)
{
    CpOtherTarget *other = data;
    g_strfreev(other->daemons);
    g_free(other);
}

static void
variant_free(gpointer data)
{
    CpVariant *variant = data;
    cp_sandboxed_runner_free(variant->runner);
    g_clear_pointer(&variant->found, cp_found_free);
    g_strfreev(variant->daemons);
    g_ptr_array_unref(variant->others);
    g_free(variant->name);
    g_free(variant->module_dir);
    g_free(variant->left_out);
    g_free(variant->tried);
    g_free(variant->error);
    g_free(variant);
}

static const CpTarget *
target_of(const CpVariantSpec *wanted)
{
    return wanted->target ? wanted->target : &cp_target_embed;
}

static void
make_plan(CpVariant *variant, const CpRunSpec *spec, const CpTarget *target, CpKvm kvm)
{
    const CpFound *found = variant->found;
    /* If the module directory is a link, the link stays and the directory that it leads to is made private. */
    variant->module_dir = cp_tree_real_path(found->tree, found->module_dir);
    if (!variant->module_dir)
        variant->module_dir = g_strdup(found->module_dir);
    variant->plan = (CpPlan){
        .scenarios = spec->scenarios,
        .left_out = variant->left_out,
        .target = target,
        .others = variant->others,
        .connection = { .client = CP_SANDBOX_CLIENT,
                        .libvirt = found->libvirt_dir,
                        .daemons = (const char *const *)variant->daemons,
                        .deadline_ns = spec->deadline_ns },
        .module_dir = variant->module_dir,
        .emulator = found->emulator,
        .arch = spec->arch ? spec->arch : "",
        .machine = spec->machine ? spec->machine : "",
        .virttype = spec->virttype ? spec->virttype : "",
        .watch = spec->watch,
        .stamps = spec->stamps,
        .kvm = kvm,
    };
}

/* Finds everything for a variant. Returns FALSE with `error` set if the run cannot go on without it. */
static gboolean
find(CpVariant *variant, const CpRunSpec *spec, const CpVariantSpec *wanted, GError **error)
{
    g_autoptr(GError) cause = NULL;
    const CpTarget *target = target_of(wanted);
    variant->found = cp_find(wanted->tree, wanted->libvirt, wanted->emulator, spec->modules, spec->deadline_ns, &cause);
    if (variant->found && (variant->daemons = cp_find_daemons(variant->found, target, &cause)))
        return TRUE;
    g_clear_pointer(&variant->found, cp_found_free);
    if (spec->n_variants == 1 || !g_error_matches(cause, CP_ERROR, CP_ERROR_UNTESTABLE)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    cp_variant_set_end(variant, CP_EXIT_UNTESTABLE, cause->message);
    return TRUE;
}

static void
set_names(const GPtrArray *variants, const CpRunSpec *spec)
{
    g_autoptr(GPtrArray) versions = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < variants->len; i++) {
        const CpVariant *variant = variants->pdata[i];
        g_ptr_array_add(versions, variant->found ? cp_found_libvirt_version(variant->found) : NULL);
    }
    g_auto(GStrv) names = cp_variants_name(spec->variants, (const char *const *)versions->pdata, variants->len);
    for (guint i = 0; i < variants->len; i++)
        ((CpVariant *)variants->pdata[i])->name = g_strdup(names[i]);
}

GPtrArray *
cp_variants_find(const CpRunSpec *spec, GError **error)
{
    g_autoptr(GPtrArray) variants = g_ptr_array_new_with_free_func(variant_free);
    CpKvm kvm;
    for (guint i = 0; i < spec->n_variants; i++) {
        CpVariant *variant = g_new0(CpVariant, 1);
        variant->left_out = g_new0(gboolean, spec->scenarios->len);
        variant->tried = g_new0(gboolean, spec->scenarios->len);
        variant->error = g_strdup("");
        variant->others = g_ptr_array_new_with_free_func(other_target_free);
        g_ptr_array_add(variants, variant);
        if (!find(variant, spec, &spec->variants[i], error))
            return NULL;
    }
    if (!cp_run_choose_kvm(spec->kvm, &kvm, error))
        return NULL;

    for (guint i = 0; i < variants->len; i++) {
        CpVariant *variant = variants->pdata[i];
        if (variant->found)
            make_plan(variant, spec, target_of(&spec->variants[i]), kvm);
    }
    if (variants->len > 1)
        set_names(variants, spec);
    return g_steal_pointer(&variants);
}

void
cp_variant_set_end(CpVariant *variant, CpExit status, const char *error)
{
    g_free(variant->error);
    variant->error = g_strdup(error);
    variant->status = status;
}

void
cp_variant_take_status(CpVariant *variant, int status)
{
    g_autofree char *why = NULL;
    if (!variant->ended)
        why = g_strdup(WIFSIGNALED(status) ? "the sandbox was killed" : "the sandbox ended too early");
    else if (WIFSIGNALED(status))
        why = g_strdup_printf("the sandbox died after its last event: %s", g_strsignal(WTERMSIG(status)));
    else if (status != 0)
        why = g_strdup_printf("the sandbox ended with status %d after its last event", WEXITSTATUS(status));
    variant->died_late = variant->ended && why;
    if (why)
        cp_variant_set_end(variant, CP_EXIT_FAILED, why);
}

JsonObject *
cp_variant_describe(const CpVariant *variant)
{
    return variant->found ? cp_environment_describe(variant->found, &variant->plan) : json_object_new();
}

JsonObject *
cp_variants_describe_shared(const GPtrArray *variants)
{
    static const char *const own[] = { "tree", "libvirt", "emulator", "module_dir", "target" };
    JsonObject *environment = NULL;
    for (guint i = 0; i < variants->len && !environment; i++) {
        const CpVariant *variant = variants->pdata[i];
        environment = variant->found ? cp_variant_describe(variant) : NULL;
    }
    for (gsize i = 0; environment && variants->len > 1 && i < G_N_ELEMENTS(own); i++)
        json_object_remove_member(environment, own[i]);
    return environment ? environment : json_object_new();
}

/* Which of two ends says more about all variants together. */
static int
weight(CpExit status)
{
    return status == CP_EXIT_WELL ? 0 : status == CP_EXIT_UNTESTABLE ? 1 : status == CP_EXIT_BAD ? 3 : 2;
}

CpExit
cp_variants_get_end(const GPtrArray *variants, char **error)
{
    CpExit status = CP_EXIT_WELL;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < variants->len; i++) {
        const CpVariant *variant = variants->pdata[i];
        if (*variant->error)
            g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? "; " : "", variant->name ? variant->name : "",
                                   variant->name ? ": " : "", variant->error);
        status = weight(variant->status) > weight(status) ? variant->status : status;
    }
    *error = g_string_free(text, FALSE);
    return status;
}
