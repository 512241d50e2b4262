// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/boot.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/guard/explain.h"
#include "early/boot/kmsg_write.h"

bool boot_has_verdict(const struct boot *boot)
{
	return boot->verdict != STATUS_VERDICT_NONE &&
	       boot->verdict != STATUS_VERDICT_NOTHING;
}

bool boot_write_status(const char *root, const char *file, const struct status *status)
{
	int err = status_write(root, file, status);

	if (err)
		kmsg_write(KMSG_WARNING, "%s cannot be written: %s; the boot goes on",
			   file, verdict_errno_text(err));
	return !err;
}

void boot_report_guard(enum guard_store_state state, int err)
{
	if (state != GUARD_STORE_OK)
		kmsg_write(KMSG_WARNING, "the boot guard's record cannot be written: %s",
			   explain_store(state, err));
}

void boot_set_state(struct boot *boot, enum boot_state state, const char *format, ...)
{
	va_list args;

	boot->state = state;
	va_start(args, format);
	vsnprintf(boot->reason, sizeof(boot->reason), format, args);
	va_end(args);
}
