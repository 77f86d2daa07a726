/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/*
 * A conversation over QMP, as it is recorded and as it is played: lines of JSON, each as it was sent. A line that
 * begins with {"execute" is a command of libvirt; the lines after it, up to the next command, are what QEMU answered:
 * a reply, and events, if there were any. What stands before the first command QEMU sends by itself, whenever it is
 * started: its greeting.
 *
 *     {"QMP": {"version": ..., "capabilities": ["oob"]}}
 *     {"execute":"qmp_capabilities","id":"libvirt-1"}
 *     {"return": {}, "id": "libvirt-1"}
 *     {"execute":"device-list-properties","arguments":{"typename":"virtio-net-pci"},"id":"libvirt-9"}
 *     {"return": [{"name": "disable-legacy", "type": "OnOffAuto"}, ...
 *
 * When it is played, the n-th use of a command gets the n-th recorded answer to it, or the last. The order of different
 * commands means nothing, so that a pair which is missing moves no other one. Commands are the same where their names
 * and arguments are, blanks and ids aside. Where there is none, one that has the same name and first argument will do,
 * for libvirt's later arguments may come from earlier answers; and then one that was recorded without arguments. Else
 * the command is not in the conversation: it is for the player to answer CommandNotFound.
 */
typedef struct CpConversation CpConversation;

typedef struct {
    const char *text;
    gsize length;
} CpConversationText;

/* Reads a conversation from memory that the caller keeps; any bytes are one. */
CpConversation *cp_conversation_new(const char *text, gsize length);

void cp_conversation_free(CpConversation *conversation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpConversation, cp_conversation_free)

/* What QEMU sends by itself. */
CpConversationText cp_conversation_greeting(const CpConversation *conversation);

/* What QEMU answers to @command this time; FALSE where the command is not in the conversation. */
gboolean cp_conversation_answer(CpConversation *conversation, CpConversationText command, CpConversationText *answer);

/* Takes the first line off @rest, without its end; FALSE where there is none. */
gboolean cp_conversation_take_line(CpConversationText *rest, CpConversationText *line);

/* Whether @line is a command. */
gboolean cp_conversation_is_command(CpConversationText line);
