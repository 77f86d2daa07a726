/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operation table: the words that a scenario is made of. */
#pragma once

#include <glib.h>

typedef enum {
#define CP_OPERATION(id, word, arguments, effect, changes, undo, summary) CP_OP_##id,
#include "scenario/operation-table.def"
#undef CP_OPERATION
    CP_OP_LAST
} CpOp;

/** What a step acts on. The first five change the state of the host, on which the truth depends. */
typedef enum {
    CP_EFFECT_MODULES,
    CP_EFFECT_EMULATOR,
    CP_EFFECT_KVM,
    CP_EFFECT_HOST,    /* libvirt's files, CPU, kernel: what libvirt compares with its cache */
    CP_EFFECT_ANY,     /* whatever of these and of the cache; in steps that the history does not tell */
    CP_EFFECT_CACHE,   /* libvirt's cache on disk */
    CP_EFFECT_PROCESS, /* libvirt's process, and so its cache in memory */
    CP_EFFECT_READ,
    CP_EFFECT_TIME,
    CP_EFFECT_NONE,
    CP_EFFECT_LAST
} CpEffect;

/** How many changes a step makes. */
typedef enum {
    CP_CHANGES_ONE,    /* one at most */
    CP_CHANGES_SEVERAL /* so that the host goes through states that the history does not tell */
} CpChanges;

typedef struct {
    CpOp op;
    const char *word;
    const char *arguments; /* the forms, as in operation-table.def */
    CpEffect effect;
    CpChanges changes;
    const char *undo;
    const char *summary;
} CpOperation;

/** Returns the row of `op`. */
const CpOperation *cp_operation(CpOp op);

/** Returns the row of `word`, or NULL if there is none. */
const CpOperation *cp_operation_find(const char *word);

/**
 * Finds the form of `operation` that fits `args` and returns it split into words, one for each argument, or NULL if no
 * form fits. The "{" of a block counts as the last argument. Only the number of arguments and the words that are not
 * placeholders are compared. The caller owns the result.
 */
GStrv cp_operation_form(const CpOperation *operation, const char *const *args);

/** Returns whether the step can be written without arguments. */
gboolean cp_operation_takes_none(const CpOperation *operation);

/**
 * Reads the argument `text` of `operation` for the placeholder N: a decimal number from `*min` to `*max`. Returns FALSE
 * if it is not one; `*min` and `*max` are set in any case.
 */
gboolean cp_operation_count(const CpOperation *operation, const char *text, gint64 *count, gint64 *min, gint64 *max);

/** The kinds of images, with a blank between them. */
#define CP_OPERATION_IMAGES "ostree erofs squashfs oci oci-epoch rsync rsync-epoch tar tar-epoch"

/** Returns whether `text` is the name of a kind of image. */
gboolean cp_operation_is_image(const char *text);

/** Returns the name of `effect` in histories: "modules", "cache", ... */
const char *cp_effect_name(CpEffect effect);

/** Finds the effect of this name. Returns FALSE if there is none. */
gboolean cp_effect_parse(const char *name, CpEffect *effect);

/** Returns whether steps of this effect change the state of the host, on which the truth depends. */
gboolean cp_effect_is_state(CpEffect effect);
