/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * record-conversation EMULATOR: lets libvirt probe an emulator, and prints the conversation as conversation.h has it.
 * The emulator is a process, started by libvirt's own code with the options that it always uses.
 */

#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW
#define LIBVIRT_QEMU_MONITOR_PRIV_H_ALLOW

#include <glib/gstdio.h>

#include "internal.h"
#include "qemu/qemu_capabilities.h"
#include "qemu/qemu_capspriv.h"
#include "qemu/qemu_monitor_json.h"
#include "qemu/qemu_monitor_priv.h"
#include "util/virerror.h"

int __real_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message);
int __wrap_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message);
extern typeof(qemuMonitorJSONIOProcess) __real_qemuMonitorJSONIOProcess;
extern typeof(qemuMonitorJSONIOProcess) __wrap_qemuMonitorJSONIOProcess;

static GString *greeting;
static GString *received; /* since the last command was answered */
static GString *written;

/* Called in libvirt's event thread, with the monitor locked. */
int
__wrap_qemuMonitorJSONIOProcess(qemuMonitor *monitor, const char *data, size_t length, qemuMonitorMessage *message)
{
    int used = __real_qemuMonitorJSONIOProcess(monitor, data, length, message);

    if (used > 0)
        g_string_append_len(monitor->waitGreeting ? greeting : received, data, used);
    return used;
}

int
__wrap_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message)
{
    int result = __real_qemuMonitorSend(monitor, message);

    /* Where libvirt starts the emulator a second time the greeting is the same. */
    if (written->len == 0)
        g_string_append_len(written, greeting->str, greeting->len);
    g_string_append_len(written, message->txBuffer, message->txLength);
    g_string_append_len(written, received->str, received->len);
    g_string_truncate(received, 0);
    return result;
}

int
main(int argc, char **argv)
{
    g_autoptr(virQEMUCaps) caps = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *directory = NULL;
    const char *at;

    if (argc != 2) {
        g_printerr("usage: record-conversation EMULATOR\n");
        return 254;
    }
    greeting = g_string_new(NULL);
    received = g_string_new(NULL);
    written = g_string_new(NULL);
    if (virInitialize() < 0 || !(directory = g_dir_make_tmp("record-XXXXXX", &error))) {
        g_printerr("record-conversation: %s\n", error ? error->message : virGetLastErrorMessage());
        return 255;
    }
    caps = virQEMUCapsNewForBinaryInternal(virArchFromHost(), argv[1], directory, geteuid(), getegid(), NULL, 0, NULL,
                                           NULL);
    g_rmdir(directory);
    if (!caps) {
        g_printerr("record-conversation: %s: %s\n", argv[1], virGetLastErrorMessage());
        return 125;
    }
    for (at = written->str; *at; at++) {
        if (*at != '\r')
            putchar(*at);
    }
    return fflush(stdout) == 0 ? 0 : 255;
}
