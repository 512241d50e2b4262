/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what a check has found, as text or as JSON. Judges nothing. */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "host/check/finding.h"

struct check_report {
	bool is_json;
	size_t printed;		/* patches */
};

/* A patch that was checked. */
struct check_subject {
	const char *file;	/* its path */
	const char *release;	/* of the kernel */
};

void check_report_begin(const struct check_report *report);
void check_report_patch(struct check_report *report, const struct check_subject *subject,
			const struct findings *findings);
/* Says that there is no patch for @release, and why; @reason may be NULL. */
void check_report_no_patch(const struct check_report *report, const char *release,
			   const char *reason);
void check_report_end(const struct check_report *report);

#endif
