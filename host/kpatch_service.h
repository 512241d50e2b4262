/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds whether the administrator has kpatch.service, the late loader, enabled.
 * Decides nothing from the answer.
 */
#ifndef KPATCH_SERVICE_H
#define KPATCH_SERVICE_H

#include <stdbool.h>

enum kpatch_service_state {
	KPATCH_SERVICE_NO_OPINION,	/* there is no such unit, or here no systemctl */
	KPATCH_SERVICE_ON,		/* enabled, or in a state that is not below */
	KPATCH_SERVICE_DISABLED,
	KPATCH_SERVICE_MASKED,		/* for good or until the reboot */
};

/*
 * The state of the unit in this system, if @root is empty, as systemctl tells. It reads
 * files, so nothing needs to run. Else that in the system at @root, by its units and the
 * links to them.
 */
enum kpatch_service_state kpatch_service_state(const char *root);

/* Enables the unit of this system, as kpatch's own install does. False if that fails. */
bool kpatch_service_enable(void);

#endif
