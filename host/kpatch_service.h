/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch.service, the late loader: whether the administrator has it enabled, as systemctl tells.
 * Decides nothing.
 */
#ifndef KPATCH_SERVICE_H
#define KPATCH_SERVICE_H

enum service_state {
	SERVICE_NO_OPINION,	/* there is no such unit, or no systemctl to ask */
	SERVICE_ON,		/* enabled, or in another state than the next */
	SERVICE_DISABLED,
	SERVICE_MASKED,		/* for good or until the reboot */
};

/* State of the unit in the system at @root, from its files: nothing needs to run there. */
enum service_state service_state(const char *root);

/* Enables the unit of this system, as kpatch's own install does. Returns 0 or -errno. */
int service_enable(void);

#endif
