// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/drift.h"

#include <errno.h>
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
#include "common/status_file.h"
#include "host/patch_select.h"

#define WHAT_NOW "rebuild it (/usr/lib/kpatch-early/rebuild, quiet if that is done) and reboot"

/* A patch that the next rebuild would put into the initramfs. */
struct wanted {
	const char *path;
	char name[FILE_NAME_MAX + 1];
	bool booted;		/* it was in the one that booted */
};

static struct {
	struct wanted wanted[SOURCES_MAX];
	size_t count;
	const char *why_none;	/* why nothing is wanted, or NULL */
} drift;

static void notice(const char *sentence)
{
	fprintf(stderr, "kpatch-early: %s\n", sentence);
}

static void settings_notice(unsigned int line, const char *reason)
{
	fprintf(stderr, "kpatch-early: " CONF_FILE " line %u: %s\n", line, reason);
}

/* False if the next bake would fail: then there is nothing to compare with. */
static bool find_wanted(void)
{
	static struct candidates candidates;
	char *const no_files[] = { NULL };
	struct utsname kernel;

	uname(&kernel);
	drift.count = 0;
	drift.why_none = patch_select_off_reason("", settings_notice);
	if (drift.why_none)
		return true;
	if (patch_select("", kernel.release, no_files, notice, &candidates)) {
		fputs("kpatch-early: no initramfs is rebuilt as long as that is so, and the next boot "
		      "loads what this one did\n", stderr);
		return false;
	}
	for (size_t i = 0; i < candidates.count; i++) {
		struct wanted *wanted = &drift.wanted[drift.count];

		wanted->path = candidates.list[i].source;
		wanted->booted = false;
		if (!modinfo_module_name(wanted->path, wanted->name))
			drift.count++;
	}
	return true;
}

static bool is_other_build(const struct wanted *wanted)
{
	CLOSE_FD fd = open(wanted->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct build_id file, live;

	return fd >= 0 && !build_id_of_file(fd, &file) &&
	       !build_id_of_module("", wanted->name, &live) &&
	       (file.len != live.len || memcmp(file.bytes, live.bytes, file.len));
}

static void compare_booted(const char *name)
{
	for (size_t i = 0; i < drift.count; i++) {
		struct wanted *wanted = &drift.wanted[i];

		if (strcmp(wanted->name, name))
			continue;
		wanted->booted = true;
		if (is_other_build(wanted))
			fprintf(stderr, "kpatch-early: %s is installed in another build than the one in "
				"the initramfs: " WHAT_NOW "\n", name);
		return;
	}
	fprintf(stderr, "kpatch-early: %s is in the initramfs but %s: " WHAT_NOW "\n", name,
		drift.why_none ? drift.why_none : "no longer installed");
}

/*
 * Goes through the status file at @text. False if it does not tell what a rebuilt initramfs would
 * hold: nothing is known, or there was an overlay, in which no rebuild puts anything.
 */
static bool compare_status(char *text)
{
	bool any = false, unknown = false;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		struct status_field field;

		if (!status_next_field(&line, &field))
			continue;
		if (!strcmp(field.key, "state") && strcmp(field.value, "applied") &&
		    strcmp(field.value, "partial") && strcmp(field.value, "nothing"))
			unknown = true;
		if (!strcmp(field.key, "overlay"))
			return false;
		if (strcmp(field.key, "patch"))
			continue;
		any = true;
		compare_booted(field.value);
	}
	return any || !unknown;
}

void drift_print(void)
{
	static char text[STATUS_BYTES_MAX];
	ssize_t len = file_read(STATUS_FILE, text, sizeof(text));

	if ((len < 0 && len != -ENOENT) || !find_wanted())
		return;
	if (len >= 0 && !compare_status(text))
		return;
	for (size_t i = 0; i < drift.count; i++)
		if (!drift.wanted[i].booted)
			fprintf(stderr, "kpatch-early: %s is installed but was not in the initramfs: "
				WHAT_NOW "\n", drift.wanted[i].name);
}
