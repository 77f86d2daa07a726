/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The protocol between the sandbox's init and a client, over a stream socket. The init sends a request and waits for its
 * reply before it sends the next. From CP_REQUEST_READERS to CP_REQUEST_READERS_END the client also sends, without being
 * asked, a reply for each read that one of its readers has made. Both programs are from one build, so structures are sent as they are in memory.
 *
 * The client is a process of its own because libvirt runs in it, which may hang, crash or be any version; the init must
 * survive that.
 */
#pragma once

#include <glib.h>

/** The client's descriptor of the socket. */
#define CP_CLIENT_FD 3

typedef enum {
    CP_REQUEST_OPEN = 'o', /* payload: on which of its CPUs the client opens libvirt, as digits followed by a NUL; the
                               URI */
    CP_REQUEST_READ = 'r', /* payload: emulator, architecture, machine type, virtualization type, flags as digits,
                               each followed by a NUL; an empty one lets libvirt choose */
    CP_REQUEST_CAPABILITIES = 'a', /* no payload */
    CP_REQUEST_VERSION = 'v', /* no payload; the answer is the libvirt's version as libvirt encodes it, in digits */
    CP_REQUEST_ADMIN = 'd', /* payload: the URI of a daemon's interface for administrators; the name of its server; both
                                 followed by a NUL. The answer is a JSON object, or empty if there is no such interface.
                                 The client must not have opened libvirt, see client-admin.c */
    CP_REQUEST_READERS = 's', /* payload: the URI; the number of readers; the time between the reads that one of them
                                 plans, in ns; the question as for CP_REQUEST_READ; the same for one more reader, if there
                                 is one; all strings followed by a NUL. Each reader connects by itself, and tells so in a
                                 reply of its own, in which `planned_ns` is 0. The reply to the request, without payload,
                                 comes when all are connected */
    CP_REQUEST_READERS_START = 'b', /* no payload; after the reply the readers read */
    CP_REQUEST_READERS_END =
        'e',                /* no payload; the reply comes when the readers have made all reads that they had planned
                                     by now and have closed their connections; its payload is the number of their reads.
                                     Its CPU times are those since CP_REQUEST_READERS */
    CP_REQUEST_CLOSE = 'c', /* no payload; the client ends after its reply */
} CpRequestVerb;

typedef struct {
    guint32 verb;   /* a CpRequestVerb */
    guint32 length; /* of the payload that follows, in bytes */
} CpRequest;

/** CPU times in ns. */
typedef struct {
    gint64 user_ns, system_ns;
} CpCpuTime;

typedef struct {
    gint64 call_ns, return_ns; /* around libvirt's own call, CLOCK_MONOTONIC */
    CpCpuTime own, children;   /* of the client in the call, and of the processes that libvirt waited for in it */
    guint32 failed;            /* not 0: the payload is libvirt's error message instead of its answer */
    gint32 domain, code;       /* of the error: a virErrorDomain and a virErrorNumber */
    guint32 reader;    /* the number of the reader that made the read, from 1; 0: this is the reply to the request */
    guint32 text;      /* of a reader's read: the number of its answer, from 1. Each answer is sent once, with its
                                  number; after that the number stands for it. 0: it has no number, and is always sent */
    gint64 planned_ns; /* of a reader's read: when it was to begin, CLOCK_MONOTONIC */
    guint32 length;    /* of the payload that follows, in bytes; it does not end with a NUL */
} CpReply;
