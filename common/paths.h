/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every path that is an interface, below any root. kpatch-early(8) lists them. Paths of
 * one file's own are not here.
 */
#ifndef PATHS_H
#define PATHS_H

#define PATCH_STORE	"/var/lib/kpatch"
#define CONF_FILE	"/etc/kpatch-early/kpatch-early.conf"
#define KEYS_DIR	"/etc/kpatch-early/keys"
#define MANIFEST_FILE	"/etc/kpatch-early/manifest"
#define ADDED_MANIFEST_FILE MANIFEST_FILE ".add"	/* of an overlay */
#define SIGNATURE_SUFFIX ".sig"
#define SIGNATURE_FILE	MANIFEST_FILE SIGNATURE_SUFFIX
#define OVERLAY_FILE	"/etc/kpatch-early/overlay"	/* is empty; an overlay has it */
#define GUARDED_FILE	"/etc/kpatch-early/guarded"	/* a record was made */
#define GUARDED_TEXT	"kpatch-early bless --init has made a record\n"
#define PATCHES_DIR	"/usr/lib/kpatch-early/patches"
#define HELPERS_DIR	"/usr/lib/kpatch-early/modules"	/* the kernel's, in an overlay */
#define EARLY_PROGRAM	"/usr/lib/kpatch-early/kpatch-early"	/* on the host */
#define STATUS_FILE	"/run/kpatch-early/status"
#define LAST_STATUS_FILE STATUS_FILE ".last"	/* of a run after the boot's */

#endif
