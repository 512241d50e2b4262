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

static struct {
	int fd;
	bool is_kmsg;		/* descriptor 2 may be it, where PID 1 has none */
	struct kmsg_count own, *count;
} kernel_log = { .fd = STDERR_FILENO, .count = &kernel_log.own };

void kmsg_write_open(const char *root, bool to_stderr)
{
	char path[PATH_MAX];
	int fd = -1;

	if (!to_stderr && !file_path(path, root, "/dev/kmsg"))
		fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	*kernel_log.count = (struct kmsg_count){ 0 };
	kernel_log.is_kmsg = fd >= 0;
	kernel_log.fd = fd >= 0 ? fd : STDERR_FILENO;
}

void kmsg_write_count_in(struct kmsg_count *count)
{
	*count = *kernel_log.count;
	kernel_log.count = count;
}

/* One write(2) is one record. Standard error gets no level. */
static void write_record(enum kmsg_level level, const char *text)
{
	char record[KMSG_RECORD_BYTES];
	int len = 0;

	if (kernel_log.is_kmsg)
		len = snprintf(record, sizeof(record), "<%d>",
			       FACILITY_DAEMON + (int)level);
	snprintf(record + len, sizeof(record) - (size_t)len - 1, "kpatch-early: %s",
		 text);
	strcat(record, "\n");
	file_write_all(kernel_log.fd, record, strlen(record));
}

void kmsg_write(enum kmsg_level level, const char *format, ...)
{
	/* One record stays free for kmsg_write_close. */
	unsigned int limit = level == KMSG_INFO ? GOOD_NEWS_MAX : KMSG_RECORDS_MAX - 1;
	char text[KMSG_RECORD_BYTES - 64];
	va_list args;

	if (kernel_log.count->written >= limit) {
		kernel_log.count->left_out++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	write_record(level, text);
	kernel_log.count->written++;
}

void kmsg_write_close(enum kmsg_level level, const char *summary)
{
	char text[KMSG_RECORD_BYTES - 64];

	if (kernel_log.count->left_out)
		snprintf(text, sizeof(text), "%s, and %u more (see kpatch-early status)",
			 summary, kernel_log.count->left_out);
	else
		snprintf(text, sizeof(text), "%s", summary);
	write_record(level, text);
	if (kernel_log.is_kmsg)
		close(kernel_log.fd);
	kernel_log.is_kmsg = false;
	kernel_log.fd = STDERR_FILENO;
}
