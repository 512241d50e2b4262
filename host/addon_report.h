/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says what would keep an addon of a unified kernel image from being of use. */
#ifndef ADDON_REPORT_H
#define ADDON_REPORT_H

#include <stdbool.h>

struct addon_place {
	const char *root;	/* of the system that may be started with it */
	const char *output;	/* the addon's file */
	bool has_initrd, has_cmdline;
};

/* Names a stub that ignores the addon: of the image it lies beside, or of the system. */
void addon_report_stubs(const struct addon_place *place);

#endif
