// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/kmsg_write.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"

#define FACILITY_DAEMON 24	/* 3 << 3; the kernel turns facility 0 into user */
#define GOOD_NEWS_MAX (KMSG_RECORDS_MAX / 2)

static int log_fd = STDERR_FILENO;
static bool is_kmsg;	/* which may be descriptor 2 as well, where PID 1 has none */
static unsigned int written, left_out;

void kmsg_write_open(const char *root, bool to_stderr)
{
	char path[PATH_MAX];

	written = left_out = 0;
	log_fd = -1;
	if (!to_stderr && !file_path(path, root, "/dev/kmsg"))
		log_fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	is_kmsg = log_fd >= 0;
	if (!is_kmsg)
		log_fd = STDERR_FILENO;
}

/* One write is one record. Standard error gets no level. */
static void write_record(enum kmsg_level level, const char *text)
{
	char record[KMSG_RECORD_BYTES];
	int len = 0;

	if (is_kmsg)
		len = snprintf(record, sizeof(record), "<%d>", FACILITY_DAEMON + (int)level);
	snprintf(record + len, sizeof(record) - (size_t)len - 1, "kpatch-early: %s", text);
	strcat(record, "\n");
	file_write_all(log_fd, record, strlen(record));
}

void kmsg_write(enum kmsg_level level, const char *format, ...)
{
	/* One record stays free for kmsg_write_close. */
	unsigned int limit = level == KMSG_INFO ? GOOD_NEWS_MAX : KMSG_RECORDS_MAX - 1;
	char text[KMSG_RECORD_BYTES - 64];
	va_list args;

	if (written >= limit) {
		left_out++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	write_record(level, text);
	written++;
}

void kmsg_write_close(enum kmsg_level level, const char *summary)
{
	char text[KMSG_RECORD_BYTES - 64];

	if (left_out)
		snprintf(text, sizeof(text), "%s, and %u more (see kpatch-early status)", summary,
			 left_out);
	else
		snprintf(text, sizeof(text), "%s", summary);
	write_record(level, text);
	if (is_kmsg)
		close(log_fd);
	is_kmsg = false;
	log_fd = STDERR_FILENO;
}
