/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot means to load: from the kernel command line to verified files. Loads
 * nothing.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>

#include "early/boot/boot.h"

/*
 * Reads command line, settings and manifests, and fills boot->patches with this
 * kernel's lines. Makes @boot shared then, unless the run is dry: what is behind its
 * entries must be zero until now. Returns false where there is nothing to do, with
 * boot->state, boot->reason and boot->exit_status.
 */
bool plan_read(struct boot *boot);

/*
 * Verifies each patch, and ends those that a later one replaced at an earlier run. Each
 * is ended or open then.
 */
void plan_verify(struct boot *boot);

/*
 * Tells of each name in kpatch.skip= that no patch of this kernel has. To be called
 * behind plan_verify, since a module may have another name than its file.
 */
void plan_report_skips(const struct boot *boot);

/* True if @patch is open, and not in the kernel yet. */
bool plan_must_load(const struct boot *boot, const struct patch *patch);

/* True if something has to be loaded. */
bool plan_has_load(const struct boot *boot);

/*
 * True if the kernel will refuse each of these, and no other module is loaded for them:
 * no patch has a signature, and the kernel wants one.
 */
bool plan_is_hopeless(const struct boot *boot);

#endif
