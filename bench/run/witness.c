/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A witness: a libvirt that is asked once about the host as it is. Runs in the caller. */
#include "run/witness.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "run/sandbox/sandbox.h"
#include "run/sandboxed-runner.h"

/* The devices by which libvirt and QEMU decide what guests can have. */
static const char *const devices[] = {
    "/dev/kvm",       "/dev/sev",   "/dev/sgx_vepc", "/dev/sgx_provision", "/dev/vfio/vfio",
    "/dev/vhost-net", "/dev/iommu", "/dev/net/tun",  "/dev/udmabuf",       "/dev/userfaultfd",
};

static void
take_event(CpEvent *event, gpointer events)
{
    g_ptr_array_add(events, event);
}

/* Returns the paths of the host that the witness sees although the sandbox covers their folders; free the list alone. */
static const char **
list_visible(const CpWitnessSpec *spec)
{
    g_autoptr(GPtrArray) visible = g_ptr_array_new();
    if (spec->socket_dir)
        g_ptr_array_add(visible, (char *)spec->socket_dir);
    if (spec->settings_dir)
        g_ptr_array_add(visible, (char *)spec->settings_dir);
    for (gsize i = 0; !spec->uri && i < G_N_ELEMENTS(devices); i++) {
        if (access(devices[i], F_OK) == 0)
            g_ptr_array_add(visible, (char *)devices[i]);
    }
    g_ptr_array_add(visible, NULL);
    return (const char **)g_ptr_array_free(g_steal_pointer(&visible), FALSE);
}

/* Returns why there is no statement: what the runner said at its end, or that it did not get there. */
static void
set_failure(const GPtrArray *events, GError **error)
{
    const CpEvent *last = events->len > 0 ? events->pdata[events->len - 1] : NULL;
    if (last && last->type == CP_EVENT_END && *last->error)
        g_set_error_literal(error, CP_ERROR, last->status == CP_EXIT_UNTESTABLE ? CP_ERROR_UNTESTABLE : CP_ERROR_FAILED,
                            last->error);
    else
        g_set_error_literal(error, CP_ERROR, CP_ERROR_FAILED, "the sandbox ended too early");
}

CpStatement *
cp_witness_ask(const CpWitnessSpec *spec, CpRequestVerb asked, GError **error)
{
    g_autofree const char **visible = list_visible(spec);
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new();
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    const CpPlan plan = {
        .scenarios = scenarios,
        .target = spec->uri ? &cp_target_live : &cp_target_as_daemon,
        .connection = { .client = CP_SANDBOX_CLIENT, .deadline_ns = spec->deadline_ns },
        .emulator = spec->emulator,
        .arch = spec->arch,
        .machine = spec->machine,
        .virttype = spec->virttype,
        .kvm = CP_KVM_HOST,
        .as_it_is = TRUE,
        .visible = visible,
        .asked = asked,
        .uri = spec->uri,
    };
    const CpTask ask = { .kind = CP_TASK_ASK };
    gint64 begin_ns = cp_now_ns();
    g_autoptr(CpSandboxedRunner) runner = cp_sandboxed_runner_start(&plan, spec->found, others, error);
    if (!runner)
        return NULL;

    g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)cp_event_free);
    g_autoptr(GError) invalid = NULL;
    CpRunnerProgress progress = cp_sandboxed_runner_run(runner, &ask, -1, take_event, events, &invalid);
    CpStatement *statement = progress == CP_RUNNER_IDLE ? cp_statement_new(events) : NULL;
    if (statement)
        statement->took_ns = cp_now_ns() - begin_ns;
    else if (invalid)
        g_propagate_error(error, g_steal_pointer(&invalid));
    else
        set_failure(events, error);
    return statement;
}
