/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records in the kernel log, the only place that outlives the initramfs besides /run. Knows how
 * many a run may write; decides nothing else.
 */
#ifndef KMSG_WRITE_H
#define KMSG_WRITE_H

#include <stdbool.h>

enum kmsg_level {
	KMSG_EMERG = 0,	/* shown on every console, whatever loglevel= and quiet say */
	KMSG_ERR = 3,
	KMSG_WARNING = 4,
	KMSG_INFO = 6,
};

/*
 * Opens dev/kmsg below @root; standard error takes its place when it can't be opened.
 * @to_stderr
 * asks for that.
 */
void kmsg_write_open(const char *root, bool to_stderr);

/*
 * Writes one record "kpatch-early: …". The kernel drops what comes faster than ten records in
 * five seconds, so a run writes at most KMSG_RECORDS_MAX: good news takes at most half of
 * them, and what does not fit is counted for kmsg_write_close.
 */
void kmsg_write(enum kmsg_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes the closing record, with the number of those left out. */
void kmsg_write_close(enum kmsg_level level, const char *summary);

#endif
