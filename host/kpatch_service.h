/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch.service, the late loader: whether the administrator has it enabled, as systemctl tells.
 * Decides nothing.
 */
#ifndef KPATCH_SERVICE_H
#define KPATCH_SERVICE_H

enum kpatch_service_state {
	KPATCH_SERVICE_NO_OPINION,	/* there is no such unit, or no systemctl to ask */
	KPATCH_SERVICE_ON,		/* enabled, or in another state than the next */
	KPATCH_SERVICE_DISABLED,
	KPATCH_SERVICE_MASKED,		/* for good or until the reboot */
};

/* State of the unit in the system at @root, from its files: nothing needs to run there. */
enum kpatch_service_state kpatch_service_state(const char *root);

/* Enables the unit of this system, as kpatch's own install does. Returns 0 or -errno. */
int kpatch_service_enable(void);

#endif
