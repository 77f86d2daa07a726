/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * record-conversation EMULATOR [DOCUMENT]: lets libvirt probe an emulator, and prints their conversation (conversation.h).
 * libvirt's own code starts the emulator, as a process, with the options that it always uses. What libvirt would save in
 * its cache is written to the file DOCUMENT.
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

#include "base/error.h"

int __real_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message);
int __wrap_qemuMonitorSend(qemuMonitor *monitor, qemuMonitorMessage *message);
extern typeof(qemuMonitorJSONIOProcess) __real_qemuMonitorJSONIOProcess;
extern typeof(qemuMonitorJSONIOProcess) __wrap_qemuMonitorJSONIOProcess;

extern typeof(qemuMonitorGetObjectProps) __real_qemuMonitorGetObjectProps;
extern typeof(qemuMonitorGetObjectProps) __wrap_qemuMonitorGetObjectProps;

static GString *greeting;
static GString *received; /* since the last command was answered */
static GString *conversation;

/* libvirt calls this in its event thread, with the monitor locked. */
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

    /* If libvirt starts the emulator a second time, the greeting is the same, and is not repeated. */
    if (conversation->len == 0)
        g_string_append_len(conversation, greeting->str, greeting->len);
    g_string_append_len(conversation, message->txBuffer, message->txLength);
    g_string_append_len(conversation, received->str, received->len);
    g_string_truncate(received, 0);
    return result;
}

/* libvirt would crash if the emulator does not know the object (object-missing), and the rest would not be recorded. */
int
__wrap_qemuMonitorGetObjectProps(qemuMonitor *monitor, const char *object, char ***names)
{
    int result = __real_qemuMonitorGetObjectProps(monitor, object, names);

    if (result == 0 && !*names)
        *names = g_new0(char *, 1);
    return result;
}

int
main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        g_printerr("usage: record-conversation EMULATOR [DOCUMENT]\n");
        return CP_EXIT_USAGE;
    }
    greeting = g_string_new(NULL);
    received = g_string_new(NULL);
    conversation = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *directory = NULL;
    if (virInitialize() < 0 || !(directory = g_dir_make_tmp("record-XXXXXX", &error))) {
        g_printerr("record-conversation: %s\n", error ? error->message : virGetLastErrorMessage());
        return CP_EXIT_FAILED;
    }
    g_autoptr(virQEMUCaps) caps = virQEMUCapsNewForBinaryInternal(virArchFromHost(), argv[1], directory, geteuid(),
                                                                  getegid(), NULL, 0, NULL, NULL);
    g_rmdir(directory);
    if (!caps) {
        g_printerr("record-conversation: %s: %s\n", argv[1], virGetLastErrorMessage());
        return CP_EXIT_UNTESTABLE;
    }
    if (argc == 3) {
        g_autofree char *document = virQEMUCapsFormatCache(caps);

        if (!g_file_set_contents(argv[2], document, -1, &error)) {
            g_printerr("record-conversation: %s\n", error->message);
            return CP_EXIT_FAILED;
        }
    }
    for (const char *at = conversation->str; *at; at++) {
        if (*at != '\r')
            putchar(*at);
    }
    return fflush(stdout) == 0 ? CP_EXIT_WELL : CP_EXIT_FAILED;
}
