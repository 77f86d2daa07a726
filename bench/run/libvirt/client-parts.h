/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of capprobe-client share. It is linked with libc and libvirt alone. */
#pragma once

#include "run/libvirt/client-protocol.h"

#include <sys/types.h>

#include <libvirt/libvirt.h>

/** A payload is followed by so many NULs that all its strings end within it, also if some are missing. */
#define CP_CLIENT_PAYLOAD_END 16

/** Calls read() or write(), or a function like them, until `length` bytes are transferred by CP_CLIENT_FD. FALSE if that fails. */
gboolean cp_client_transfer(ssize_t (*call)(int, void *, size_t), void *data, gsize length);

/**
 * Sends the reply. Its payload is `answer`, unless `answer` was sent before as that of a reader; if it is NULL, libvirt's last
 * error in this thread. Fills in what `reply` says of the payload. Several threads may call it. FALSE if that fails.
 */
gboolean cp_client_reply(CpReply *reply, const char *answer);

/** Returns the next string of a payload, or NULL if that string is empty. `*at` is then behind it. */
const char *cp_client_string(const char **at);

/** Reads a number. */
guint64 cp_client_number(const char *digits);

/** Returns the CPU time so far of `who`, as in getrusage(), less that of `before`. */
CpCpuTime cp_client_cpu_time_since(int who, CpCpuTime before);

/** Asks for the domain capabilities that the five strings of `payload` name. NULL with libvirt's error if there is no answer;
 * else the caller frees it. */
char *cp_client_domain_capabilities(virConnectPtr connection, const char *payload);

/**
 * Asks the daemon whose interface for administrators is at `uri` about its server `name`. Returns a JSON object, see history/event.h, which
 * the caller frees; "" if there is no such interface here.
 */
char *cp_client_admin(const char *uri, const char *name);

/** Connects the readers of CP_REQUEST_READERS. FALSE with libvirt's error if one of them cannot be connected. */
gboolean cp_client_begin_readers(const char *payload);

/** Lets them read; to be called once the reply to CP_REQUEST_READERS_START was sent. FALSE if that fails. */
gboolean cp_client_start_readers(void);

/** Carries out CP_REQUEST_READERS_END. Returns the number of reads, which the caller frees; NULL if there are no readers. Sets the
 * CPU times, of the process and its children, to those before the readers began. */
char *cp_client_end_readers(CpCpuTime *own, CpCpuTime *children);
