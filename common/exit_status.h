/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit status of each verb, which kpatch-early(8) lists. */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

#define EXIT_OK		0	/* applied, nothing to do, or disabled */
#define EXIT_NOT_APPLIED 1	/* a patch is not applied, or not baked */
#define EXIT_BAD_INPUT	2	/* the usage or the manifest is wrong */
#define EXIT_UNKNOWN	3	/* of check: something cannot be known */

#endif
