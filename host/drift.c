// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/drift.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/buildid.h"
#include "common/module/modinfo.h"
#include "common/paths.h"
#include "host/own_name.h"
#include "host/patch_select.h"

static void print_drop_in_notice(const char *sentence)
{
	fprintf(stderr, "kpatch-early: %s\n", sentence);
}

static void print_wrong_setting(unsigned int line, const char *reason)
{
	fprintf(stderr, "kpatch-early: " CONF_FILE " line %u: %s\n", line, reason);
}

static void print_difference(enum difference difference, const char *name,
			     const char *off_reason)
{
	const char *why_not = off_reason ? off_reason : "no longer installed";

	switch (difference) {
	case DIFFERENCE_NONE:
		break;
	case DIFFERENCE_BUILD:
		fprintf(stderr, "kpatch-early: %s is installed in another build than the "
			"one in the initramfs: " DRIFT_WHAT_NOW "\n", name);
		break;
	case DIFFERENCE_NOT_INSTALLED:
		fprintf(stderr, "kpatch-early: %s is in the initramfs but %s: "
			DRIFT_WHAT_NOW "\n", name, why_not);
		break;
	case DIFFERENCE_NOT_BOOTED:
		fprintf(stderr, "kpatch-early: %s is installed but was not in the "
			"initramfs: " DRIFT_WHAT_NOW "\n", name);
		break;
	}
}

bool drift_find_next(bool is_quiet, struct drift *ret)
{
	static struct candidates candidates;
	char *const no_files[] = { NULL };
	struct utsname kernel;
	const struct patch_query query = {
		.root = "", .release = kernel.release, .files = no_files,
		.notice = is_quiet ? NULL : print_drop_in_notice,
	};

	uname(&kernel);
	ret->count = 0;
	ret->off_reason = patch_select_off_reason("", is_quiet ? NULL :
								 print_wrong_setting);
	if (ret->off_reason)
		return true;
	if (patch_select(&query, &candidates)) {
		if (!is_quiet)
			fputs("kpatch-early: no initramfs is rebuilt as long as that is "
			      "so, and the next boot loads what this one did\n", stderr);
		return false;
	}
	for (size_t i = 0; i < candidates.count; i++) {
		struct next_patch *next = &ret->list[ret->count];

		next->path = candidates.list[i].source;
		next->fixes = candidates.list[i].entry.fixes;
		next->booted = false;
		if (own_name_of_file(next->path, next->name))
			ret->count++;
	}
	return true;
}

static bool is_other_build(const struct next_patch *next)
{
	CLOSE_FD fd = open(next->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct build_id file, live;

	if (fd < 0 || !build_id_of_file(fd, &file) ||
	    !build_id_of_module("", next->name, &live))
		return false;
	return file.len != live.len || memcmp(file.bytes, live.bytes, file.len);
}

const char *drift_fixes(const struct drift *drift, const char *name)
{
	for (size_t i = 0; i < drift->count; i++)
		if (!strcmp(drift->list[i].name, name) &&
		    !is_other_build(&drift->list[i]))
			return drift->list[i].fixes;
	return NULL;
}

enum difference drift_compare(struct drift *drift, const char *name)
{
	for (size_t i = 0; i < drift->count; i++) {
		struct next_patch *next = &drift->list[i];

		if (strcmp(next->name, name))
			continue;
		next->booted = true;
		return is_other_build(next) ? DIFFERENCE_BUILD : DIFFERENCE_NONE;
	}
	return DIFFERENCE_NOT_INSTALLED;
}

/* Whether a boot that ended in @state looked at its patches. */
static bool has_looked(enum boot_state state)
{
	return state == BOOT_APPLIED || state == BOOT_PARTIAL || state == BOOT_NOTHING;
}

bool drift_is_comparable(const struct status *status)
{
	return !status->overlay && (status->count || has_looked(status->state));
}

static void compare_status(const struct status *status, struct drift *drift)
{
	for (size_t i = 0; i < status->count; i++) {
		const char *name = status->patches[i].name;

		print_difference(drift_compare(drift, name), name, drift->off_reason);
	}
}

void drift_print(const struct status *status)
{
	struct drift drift;

	if (!drift_find_next(false, &drift))
		return;
	if (status && !drift_is_comparable(status))
		return;
	if (status)
		compare_status(status, &drift);
	for (size_t i = 0; i < drift.count; i++)
		if (!drift.list[i].booted)
			print_difference(DIFFERENCE_NOT_BOOTED, drift.list[i].name, NULL);
}
