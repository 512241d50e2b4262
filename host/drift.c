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

#define WHAT_NOW \
	"rebuild it (/usr/lib/kpatch-early/rebuild, quiet if that is done) and reboot"

/* A patch that the next rebuild would put into the initramfs. */
struct next_patch {
	const char *path;
	char name[FILE_NAME_MAX + 1];
	bool booted;		/* it was in the initramfs that booted */
};

struct drift {
	struct next_patch list[SOURCES_MAX];
	size_t count;
	const char *off_reason;	/* why the next rebuild takes no patch, or NULL */
};

/* What differs between the initramfs and the store, for one patch. */
enum difference {
	DIFFERENCE_NONE,
	DIFFERENCE_BUILD,
	DIFFERENCE_NOT_INSTALLED,
	DIFFERENCE_NOT_BOOTED,
};

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
			"one in the initramfs: " WHAT_NOW "\n", name);
		break;
	case DIFFERENCE_NOT_INSTALLED:
		fprintf(stderr, "kpatch-early: %s is in the initramfs but %s: "
			WHAT_NOW "\n", name, why_not);
		break;
	case DIFFERENCE_NOT_BOOTED:
		fprintf(stderr, "kpatch-early: %s is installed but was not in the "
			"initramfs: " WHAT_NOW "\n", name);
		break;
	}
}

/* False if the next bake would fail: then there is nothing to compare with. */
static bool find_next_patches(struct candidates *candidates, struct drift *ret)
{
	char *const no_files[] = { NULL };
	struct utsname kernel;
	const struct patch_query query = {
		.root = "", .release = kernel.release, .files = no_files,
		.notice = print_drop_in_notice,
	};

	uname(&kernel);
	ret->count = 0;
	ret->off_reason = patch_select_off_reason("", print_wrong_setting);
	if (ret->off_reason)
		return true;
	if (patch_select(&query, candidates))
		return false;
	for (size_t i = 0; i < candidates->count; i++) {
		struct next_patch *next = &ret->list[ret->count];

		next->path = candidates->list[i].source;
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

/* Marks the patch @name, which booted, in @drift. */
static enum difference compare_booted_patch(struct drift *drift, const char *name)
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

/*
 * Whether the boot's status can tell what a rebuild would change. It can't if nothing is
 * known, or there was an overlay, which no rebuild changes.
 */
static bool is_comparable(const struct status *status)
{
	return !status->overlay && (status->count || has_looked(status->state));
}

static void compare_status(const struct status *status, struct drift *drift)
{
	for (size_t i = 0; i < status->count; i++) {
		const char *name = status->patches[i].name;

		print_difference(compare_booted_patch(drift, name), name,
				 drift->off_reason);
	}
}

void drift_print(const struct status *status)
{
	static struct candidates candidates;
	struct drift drift;

	if (!find_next_patches(&candidates, &drift)) {
		fputs("kpatch-early: no initramfs is rebuilt as long as that is so, and "
		      "the next boot loads what this one did\n", stderr);
		return;
	}
	if (status && !is_comparable(status))
		return;
	if (status)
		compare_status(status, &drift);
	for (size_t i = 0; i < drift.count; i++)
		if (!drift.list[i].booted)
			print_difference(DIFFERENCE_NOT_BOOTED, drift.list[i].name, NULL);
}
