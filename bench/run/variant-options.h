/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variants: what is tested side by side in one run, each a libvirt, as a target, with an emulator in a tree. Their options and names. */
#pragma once

#include <glib.h>

/** The word that stands for the installed libvirt among those of --libvirt. */
#define CP_VARIANT_INSTALLED "installed"

/** What is tested. Strings are borrowed. */
typedef struct {
    const char *name;                      /* NULL lets cp_variants_name() choose one */
    const char *tree, *libvirt, *emulator; /* as for cp_find() */
    const char *target;                    /* its name; NULL for `embed` */
} CpVariantSpec;

/**
 * Combines the values of the options, each a NULL-terminated list, or NULL if the option was not given. The option that was
 * given most often says how many variants there are. One that was given once is for all of them; one that was given as
 * often has a value for each, in order.
 *
 * Returns an array of CpVariantSpec with at least one, which borrows the strings. CP_ERROR_USAGE if an option was given
 * more than once but not as often as another, if there is no such target, if a name is not valid or was given twice, or if one of several folders
 * of libvirts does not exist.
 */
GArray *
cp_variants_combine(char **trees, char **libvirts, char **emulators, char **targets, char **names, GError **error);

/** Refuses a variant (CP_ERROR_USAGE) whose folder of libvirt does not exist. Folders of trees are looked at later. */
gboolean cp_variant_check(const CpVariantSpec *variant, GError **error);

/**
 * Returns a name for each of `n` variants, NULL-terminated and all different; free with g_strfreev(). `versions` are
 * their libvirts' versions, NULL for one that could not be found. A variant that has no name is named after the first of
 * these in which all differ: libvirt's version, the tree, libvirt's folder, the emulator, the target, two of these; if there is none, by
 * its number.
 */
GStrv cp_variants_name(const CpVariantSpec *variants, const char *const *versions, guint n);
