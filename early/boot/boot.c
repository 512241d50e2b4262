// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/boot.h"

#include <stdarg.h>
#include <stdio.h>

void boot_set_state(struct boot *boot, enum boot_state state, const char *format, ...)
{
	va_list args;

	boot->state = state;
	va_start(args, format);
	vsnprintf(boot->reason, sizeof(boot->reason), format, args);
	va_end(args);
}
