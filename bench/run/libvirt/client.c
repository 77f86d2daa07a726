/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capprobe-client: the one program that is linked with libvirt. See client-protocol.h.
 *
 *   capprobe-client             serves the socket at CP_CLIENT_FD
 *   capprobe-client --describe  prints libvirt's version number and the path of the library that it was loaded from
 */
#include "run/libvirt/client-protocol.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "base/duration.h"

static gboolean
transfer(ssize_t (*call)(int, void *, size_t), void *data, gsize length)
{
    for (gsize done = 0; done < length;) {
        ssize_t n = call(CP_CLIENT_FD, (char *)data + done, length - done);
        if (n <= 0)
            return FALSE;
        done += n;
    }
    return TRUE;
}

static ssize_t
write_bytes(int fd, void *data, size_t length)
{
    return write(fd, data, length);
}

static gboolean
send_reply(gint64 call_ns, gint64 return_ns, const char *answer)
{
    const char *text = answer ? answer : virGetLastErrorMessage();
    CpReply reply = { call_ns, return_ns, !answer, strlen(text) };
    return transfer(write_bytes, &reply, sizeof(reply)) && transfer(write_bytes, (void *)text, reply.length);
}

/* The next of the strings that a payload consists of; NULL where it is empty. */
static const char *
next_string(const char **at)
{
    const char *string = *at;
    *at += strlen(string) + 1;
    return *string ? string : NULL;
}

static char *
domain_capabilities(virConnectPtr connection, const char *payload)
{
    const char *emulator = next_string(&payload);
    const char *arch = next_string(&payload);
    const char *machine = next_string(&payload);
    const char *virttype = next_string(&payload);
    return virConnectGetDomainCapabilities(connection, emulator, arch, machine, virttype, 0);
}

static gpointer
turn_event_loop(gpointer unused G_GNUC_UNUSED)
{
    while (virEventRunDefaultImpl() == 0)
        ;
    return NULL;
}

static void
ignore_error(void *unused G_GNUC_UNUSED, virErrorPtr error G_GNUC_UNUSED)
{
}

static int
serve(void)
{
    virConnectPtr connection = NULL;
    CpRequest request;

    virSetErrorFunc(NULL, ignore_error);
    virEventRegisterDefaultImpl();
    g_thread_unref(g_thread_new("events", turn_event_loop, NULL));

    while (transfer(read, &request, sizeof(request))) {
        /* Four NULs behind the payload let next_string() end whatever comes. */
        g_autofree char *payload = g_malloc0(request.length + 4);
        if (!transfer(read, payload, request.length))
            break;

        gint64 call_ns = cp_now_ns();
        g_autofree char *answer = NULL;
        switch ((CpRequestVerb)request.verb) {
        case CP_REQUEST_OPEN:
            connection = virConnectOpen(payload);
            answer = connection ? g_strdup("") : NULL;
            break;
        case CP_REQUEST_READ:
            answer = domain_capabilities(connection, payload);
            break;
        case CP_REQUEST_CLOSE:
            virConnectClose(connection);
            answer = g_strdup("");
            break;
        }
        if (!send_reply(call_ns, cp_now_ns(), answer) || request.verb == CP_REQUEST_CLOSE)
            break;
    }
    /* Not exit(): libvirt's threads are still there, and its destructors are not what is measured. */
    _exit(0);
}

static int
describe(void)
{
    unsigned long version = 0;
    Dl_info info;

    if (virGetVersion(&version, NULL, NULL) < 0 || !dladdr((void *)virGetVersion, &info))
        return 1;
    g_autofree char *path = realpath(info.dli_fname, NULL);
    printf("%lu %s\n", version, path ? path : info.dli_fname);
    return 0;
}

int
main(int argc, char **argv)
{
    return argc == 2 && g_str_equal(argv[1], "--describe") ? describe() : serve();
}
