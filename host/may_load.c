// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/may_load.h"

#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/file.h"
#include "common/guard/store.h"
#include "common/input/cmdline.h"
#include "common/input/settings.h"
#include "common/module/module_name.h"
#include "common/sha256.h"
#include "common/text.h"
#include "host/patch_select.h"

/*
 * Whether the status file at @text says that not all may be loaded at this boot, or that
 * a load hung, as more loads might.
 */
static bool is_switched_off(const char *text)
{
	static const char *const signs[] = {
		"\nstate=disabled\n", "\nstate=quarantined\n", "\nguard=quarantined\n",
		"\nguard=failed\n", " step=hung ", " step=budget ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (strstr(text, signs[i]))
			return true;
	return false;
}

static bool is_compressed(const char *file)
{
	return module_name_uncompressed_length(file) < strlen(file);
}

/* A pin is of the uncompressed module, so a compressed one is not looked at. */
static bool is_pin_wrong(const struct candidate *candidate)
{
	unsigned char digest[SHA256_BYTES];

	if (!candidate->entry.pinned || is_compressed(candidate->source))
		return false;
	CLOSE_FD fd = open(candidate->source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 || sha256_file(fd, digest) ||
	       memcmp(digest, candidate->entry.sha256, SHA256_BYTES);
}

/*
 * Whether the drop-ins exclude a patch of the store. kpatch.service loads all of the
 * store or nothing, so one such patch keeps kpatch.service out. list and status report
 * what is wrong in them.
 */
static bool is_any_patch_excluded(void)
{
	static struct candidates candidates;
	char *const no_files[] = { NULL };
	struct utsname kernel;
	const struct patch_query query = {
		.root = "", .release = kernel.release, .files = no_files,
	};

	uname(&kernel);
	if (patch_select(&query, &candidates) || candidates.left_out)
		return true;
	for (size_t i = 0; i < candidates.count; i++)
		if (is_pin_wrong(&candidates.list[i]))
			return true;
	return false;
}

/*
 * Whether the guard's record forbids to load. @text is the status file, or NULL. What the
 * boot has judged itself counts as it is there; only the switch may be newer. A boot
 * without a line for its kernel says nothing of sets.
 */
static bool is_forbidden_by_record(const struct settings *settings, const char *text)
{
	const struct guard_store_place place = {
		.root = "", .settings = settings, .dry_run = true
	};
	struct guard_store store = { 0 };
	struct record record;

	if (settings->guard == GUARD_OFF)
		return false;
	guard_store_open(&place, &store, &record);
	if (record_is_off(&record, settings->follow_kpatch_service))
		return true;
	if (text)
		return !strstr(text, "\nguard=") && guard_store_is_doubtful(&store);
	return guard_store_is_doubtful(&store) ||
	       record.trials[0].state == TRIAL_QUARANTINED ||
	       record.trials[0].state == TRIAL_FAILED;
}

bool may_load_store(const char *text)
{
	struct cmdline cmdline;
	struct settings settings;

	/* apply and bake report what is wrong in these two, so nothing is said here. */
	cmdline_read("", NULL, &cmdline);
	settings_read("", NULL, &settings);
	if (cmdline.disabled_by || (cmdline.skip && *cmdline.skip) || !settings.enabled)
		return false;
	if ((text && is_switched_off(text)) || is_forbidden_by_record(&settings, text))
		return false;
	return !is_any_patch_excluded();
}
