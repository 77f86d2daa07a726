/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of the words that a scenario is made of.
 */
#pragma once

#include <glib.h>

typedef enum {
#define CP_OPERATION(id, word, arguments, effect, undo, summary) CP_OP_##id,
#include "scenario/operation-table.def"
#undef CP_OPERATION
    CP_OP_LAST
} CpOp;

/** What a step acts on. The first three are part of the state that the truth belongs to. */
typedef enum {
    CP_EFFECT_MODULES,
    CP_EFFECT_EMULATOR,
    CP_EFFECT_KVM,
    CP_EFFECT_CACHE,   /* what libvirt keeps on disk */
    CP_EFFECT_PROCESS, /* what libvirt keeps in memory */
    CP_EFFECT_READ,
    CP_EFFECT_TIME,
    CP_EFFECT_NONE,
    CP_EFFECT_LAST
} CpEffect;

typedef struct {
    CpOp op;
    const char *word;
    const char *arguments; /* the forms, as in operation-table.def */
    CpEffect effect;
    const char *undo;
    const char *summary;
} CpOperation;

/** The row of `op`. */
const CpOperation *cp_operation(CpOp op);

/** The row of `word`, or NULL. */
const CpOperation *cp_operation_find(const char *word);

/**
 * The form of `operation`'s arguments that `args` fits, split into its words; NULL where none does. A block's "{"
 * counts as the last of them. The caller owns it.
 */
GStrv cp_operation_form(const CpOperation *operation, const char *const *args);

/** Whether the step may stand without arguments. */
gboolean cp_operation_takes_none(const CpOperation *operation);

/** "modules", "cache", ...: as histories spell it. */
const char *cp_effect_name(CpEffect effect);

/** The inverse. FALSE for a name that is none. */
gboolean cp_effect_parse(const char *name, CpEffect *effect);

/** Whether steps of this effect change the state of the host that the truth belongs to. */
gboolean cp_effect_is_state(CpEffect effect);
