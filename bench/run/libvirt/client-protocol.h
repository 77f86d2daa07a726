/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the runner and a client say to each other over a stream socket. Both come from one build, so structures go as
 * they are.
 *
 * The runner sends a request and awaits its reply before the next. The client is a process of its own because it is
 * libvirt: it may hang, crash or be of another version, and the runner must outlive that.
 */
#pragma once

#include <glib.h>

/** The descriptor at which a client finds its socket. */
#define CP_CLIENT_FD 3

typedef enum {
    CP_REQUEST_OPEN = 'o',  /* payload: the URI */
    CP_REQUEST_READ = 'r',  /* payload: emulator, architecture, machine, virt type, each ended by NUL; "" stands for
                               libvirt's choice */
    CP_REQUEST_CLOSE = 'c', /* no payload; the client ends after its reply */
} CpRequestVerb;

typedef struct {
    guint32 verb;
    guint32 length; /* of the payload, in bytes */
} CpRequest;

typedef struct {
    gint64 call_ns, return_ns; /* around libvirt's own call, CLOCK_MONOTONIC */
    guint32 failed;            /* the payload is libvirt's error text, not its answer */
    guint32 length;            /* of the payload, in bytes; it has no NUL at its end */
} CpReply;
