/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine types that a host has, by what libvirt says of it. Runs in the sandbox's init. */
#pragma once

#include <glib.h>

typedef struct {
    char *emulator, *arch, *name, *virttype;
} CpMachine;

/** Returns the machine types in `capabilities`, libvirt's XML, of all emulators: an array of CpMachine, which the caller
 * owns. Aliases, such as "pc", are left out. Those of one emulator and architecture follow each other. */
GPtrArray *cp_machines_parse(const char *capabilities);

/** Sets the emulator and the architecture that domain capabilities, libvirt's XML, are about. Each becomes NULL if they do not
 * say; the caller owns them. */
void cp_machines_parse_choice(const char *domain_capabilities, char **emulator, char **arch);
