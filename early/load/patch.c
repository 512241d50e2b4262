// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/load/patch.h"

#include <stdio.h>

bool patch_end(struct patch *patch, enum cause cause)
{
	patch->verdict.cause = cause;
	return false;
}

bool patch_end_with(struct patch *patch, enum cause cause, const char *detail)
{
	snprintf(patch->verdict.detail, sizeof(patch->verdict.detail), "%s", detail);
	return patch_end(patch, cause);
}

bool patch_end_with_errno(struct patch *patch, enum cause cause, int err)
{
	patch->verdict.err = err;
	return patch_end(patch, cause);
}

bool patch_load_dependencies(struct patch *patch, const struct modprobe_source *source)
{
	static const enum cause causes[] = {
		[MODPROBE_MISSING] = CAUSE_DEPENDENCY_MISSING,
		[MODPROBE_INSTALL_LINE] = CAUSE_DEPENDENCY_INSTALL_LINE,
		[MODPROBE_OPTIONS_OVER_LIMIT] = CAUSE_DEPENDENCY_OPTIONS,
		[MODPROBE_UNKNOWN_SYMBOL] = CAUSE_DEPENDENCY_SYMBOL,
		[MODPROBE_FAILED] = CAUSE_DEPENDENCY_REFUSED,
	};
	struct modprobe_failure failure;
	enum modprobe_result result =
		modprobe_load_dependencies(source, patch->depends, &failure);

	if (result == MODPROBE_LOADED)
		return true;
	patch->verdict.err = failure.err;
	return patch_end_with(patch, causes[result], failure.module);
}

bool patch_is_open(const struct patch *patch)
{
	return patch->verdict.cause == CAUSE_NONE;
}

bool patch_is_in_force(const struct patch *patch)
{
	return patch->verdict.cause == CAUSE_APPLIED ||
	       patch->verdict.cause == CAUSE_IN_FORCE_BEFORE;
}
