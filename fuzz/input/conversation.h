/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversations over QMP: the input format of caps-probe, and how a conversation is replayed. */
#pragma once

#include <glib.h>

/**
 * A conversation. The format is lines of JSON, each as it was sent. A line that begins with {"execute" is a command
 * of libvirt. The lines after it, up to the next command, are QEMU's answer: a reply, and events if there were any.
 * The lines before the first command are the greeting, which QEMU sends when it starts.
 *
 *     {"QMP": {"version": ..., "capabilities": ["oob"]}}
 *     {"execute":"qmp_capabilities","id":"libvirt-1"}
 *     {"return": {}, "id": "libvirt-1"}
 *     {"execute":"device-list-properties","arguments":{"typename":"virtio-net-pci"},"id":"libvirt-9"}
 *     {"return": [{"name": "disable-legacy", "type": "OnOffAuto"}, ...
 *
 * Replaying: the n-th use of a command gets the n-th recorded answer to that command, or the last one if there are
 * fewer. The order of different commands does not matter, so removing an exchange does not affect the others. Two
 * commands are the same if their names and arguments are the same; whitespace and ids are ignored. If there is no
 * such command, the answer is that of a command with the same name and the same first argument, because later
 * arguments may depend on earlier answers. If there is none either, it is that of a command with the same name that
 * was recorded without arguments. If nothing matches, the command is not in the conversation, and the caller should
 * answer CommandNotFound.
 */
typedef struct CpConversation CpConversation;

/** A part of a conversation's text. It owns nothing and is not NUL-terminated. */
typedef struct {
    const char *text;
    gsize length; /* bytes */
} CpConversationText;

/**
 * Parses a conversation of `length` bytes. Any bytes are a conversation. The caller owns the result and keeps `text` as
 * long as the conversation is used.
 */
CpConversation *cp_conversation_new(const char *text, gsize length);
void cp_conversation_free(CpConversation *conversation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CpConversation, cp_conversation_free)

/** Returns what QEMU sends when it starts. */
CpConversationText cp_conversation_greeting(const CpConversation *conversation);

/**
 * Sets `answer` to what QEMU answers to this use of `command`. Returns FALSE, and does not set it, if the command is
 * not in the conversation.
 */
gboolean cp_conversation_answer(CpConversation *conversation, CpConversationText command, CpConversationText *answer);

/** Moves the first line of `rest`, without its line feed, to `line`. Returns FALSE if `rest` is empty. */
gboolean cp_conversation_take_line(CpConversationText *rest, CpConversationText *line);

/** Returns whether `line` is a command. */
gboolean cp_conversation_is_command(CpConversationText line);
