/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders with firmware descriptors: the input format of caps-firmware. */
#pragma once

#include <glib.h>

#include "input/tree.h"

/*
 * The format is lines. A line that begins with {"descriptor" names a file; the lines after it, up to the next such line,
 * are its content. Lines before the first such line are ignored.
 *
 *     {"descriptor":"usr/60-x86_64.json"}
 *     {"interface-types":["uefi"],"mapping":{"device":"flash", ...
 *     {"descriptor":"etc/10-removed.json","is":"dangling"}
 *
 * The first part of the name is the folder: usr, etc or home. "is" can be "dangling", "unreadable" or "folder"; without it
 * the file is an ordinary one. If two files have the same name, only the first one exists. A line whose name is not of
 * this form is ignored, with its content.
 */

/** The line that begins a descriptor. */
#define CP_DESCRIPTOR_START "{\"descriptor\""

/** Where QEMU's specification says that descriptors are. A file hides those of its name in the folders above it. */
typedef enum {
    CP_DESCRIPTOR_USR,  /* of packages */
    CP_DESCRIPTOR_ETC,  /* of the administrator */
    CP_DESCRIPTOR_HOME, /* of the user; not for the system's daemon */
    CP_DESCRIPTOR_FOLDERS,
} CpDescriptorFolder;

typedef enum {
    CP_DESCRIPTOR_FILE,
    CP_DESCRIPTOR_DANGLING,   /* a link that leads nowhere */
    CP_DESCRIPTOR_UNREADABLE, /* a file that cannot be opened */
    CP_DESCRIPTOR_IS_FOLDER,
} CpDescriptorKind;

/** A file. It owns its name. */
typedef struct {
    CpDescriptorFolder folder;
    CpDescriptorKind kind;
    char *name;          /* without the folder */
    const char *content; /* not NUL-terminated, part of the input */
    gsize length;        /* bytes */
    gboolean refused;    /* whether libvirt refuses it if there is nothing else: for the target */
} CpDescriptor;

/** Reads an input of `length` bytes, which the caller keeps as long as the result is used. The caller owns the array. */
GPtrArray *cp_descriptors_read(const char *text, gsize length);

/** Returns whether the first line of a conversation's tree (conversation-tree.h) begins a descriptor. */
gboolean cp_descriptors_tree_is(const CpNode *root);

/** Returns whether a line of the tree begins a descriptor. */
gboolean cp_descriptors_is_start(const CpNode *line);
