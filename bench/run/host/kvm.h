/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /dev/kvm is in the sandbox. The names serve both processes; the rest runs in the sandbox's init. */
#pragma once

#include <glib.h>

typedef enum {
    CP_KVM_OFF,       /* there is no /dev/kvm */
    CP_KVM_ON,        /* all users may open it */
    CP_KVM_ROOT_ONLY, /* only root may open it; takes root to set up */
    CP_KVM_DEAD,      /* all users may open it, but it is not KVM; takes root to set up */
    CP_KVM_HOST,      /* owner and mode are as on the host */
    CP_KVM_LAST
} CpKvm;

/** "absent", "usable", "root-only", "dead" or "host": the name in results and of the option --kvm. */
const char *cp_kvm_name(CpKvm kvm);

/** The inverse. FALSE if `name` is not one of these. */
gboolean cp_kvm_parse(const char *name, CpKvm *kvm);

/** The argument of the step `kvm`: "on", "off", "root-only" or "dead". The scenario's parser accepts no other. */
CpKvm cp_kvm_from_step(const char *argument);

/** Makes /dev/kvm in the sandbox what `kvm` says. CP_ERROR_UNTESTABLE if this host or this user cannot have it so. */
gboolean cp_kvm_set_up(CpKvm kvm, GError **error);
