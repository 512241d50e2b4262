// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/load/kmsg_read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/text.h"

#define LEVEL_WARNING 4
#define LEVEL_NOTICE 5
#define SEARCH_MS 2000	/* the log may fill faster than we read */

int kmsg_read_open(const char *root)
{
	char path[PATH_MAX];
	int fd, err = file_path(path, root, "/dev/kmsg");

	if (err)
		return err;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

void kmsg_read_skip(int fd)
{
	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
}

/* True for what the kernel logs at each load, good or bad. */
static bool is_routine(const char *text)
{
	static const char *const routine[] = {
		"enabling patch", "patching transition", "patching complete", "taint",
		"failed to enable patch", "reversing transition",
	};

	for (size_t i = 0; i < ARRAY_SIZE(routine); i++)
		if (strstr(text, routine[i]))
			return true;
	return false;
}

/* Without a @name, the text is that of klp_module_coming(), kernel/livepatch/core.c. */
static bool is_about_loading(const char *text, const char *name)
{
	if (!name)
		return strstr(text, "refusing to load module");
	return strstr(text, "patch:") || strstr(text, name) ||	/* livepatch:, kpatch: */
	       strstr(text, "Lockdown:") || strstr(text, "module");
}

/*
 * Cuts the text out of one record, "prefix,sequence,time,flags;text\n key=value\n".
 * Returns its level, or -1 if another program wrote the record, which then has a
 * facility.
 */
static int split_record(char *record, char **ret_text)
{
	char *semicolon = strchr(record, ';');
	long prefix = strtol(record, NULL, 10);

	if (!semicolon || prefix < 0 || prefix > 7)
		return -1;
	*ret_text = semicolon + 1;
	semicolon[1 + strcspn(semicolon + 1, "\n")] = '\0';
	return (int)prefix;
}

void kmsg_read_reason(int fd, const char *name, char *ret, size_t size)
{
	unsigned long long stop_ms = clock_now_ms() + SEARCH_MS;
	char record[8192];
	int best = LEVEL_NOTICE + 1;

	*ret = '\0';
	while (fd >= 0 && clock_now_ms() < stop_ms) {
		ssize_t n = read(fd, record, sizeof(record) - 1);
		char *text;
		int level;

		/* EPIPE: records were overwritten before we read them. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		level = split_record(record, &text);
		/*
		 * Of warnings and worse, the first names the cause, and others follow
		 * from it.
		 */
		if (level < 0 || level >= best || best <= LEVEL_WARNING)
			continue;
		if (is_routine(text) || !is_about_loading(text, name))
			continue;
		snprintf(ret, size, "%s", text);
		best = level;
	}
}
