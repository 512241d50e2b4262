/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the running kernel wants modules to be signed. Looks at no module. */
#ifndef SIGNATURE_POLICY_H
#define SIGNATURE_POLICY_H

#include <stdbool.h>

/*
 * True if the kernel refuses a module without a signature, by module.sig_enforce= or
 * lockdown (module_sig_check() in kernel/module/signing.c). Lockdown is seen where
 * securityfs is mounted.
 */
bool signature_policy_is_strict(const char *root);

#endif
