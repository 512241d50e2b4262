/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records in the kernel log, the only place that outlives the initramfs besides /run. Knows how
 * many a run may write; decides nothing else.
 */
#ifndef KMSG_WRITE_H
#define KMSG_WRITE_H

#include <stdbool.h>

enum report_level {
	REPORT_EMERG = 0,	/* shown on every console, whatever loglevel= and quiet say */
	REPORT_ERR = 3,
	REPORT_WARNING = 4,
	REPORT_INFO = 6,
};

/*
 * Opens dev/kmsg below @root; standard error takes its place when it can't be opened.
 * @to_stderr
 * asks for that.
 */
void report_open(const char *root, bool to_stderr);

/*
 * Writes one record "kpatch-early: …". The kernel drops what comes faster than ten records in
 * five seconds, so a run writes at most REPORT_RECORDS_MAX: good news takes at most half of
 * them, and what does not fit is counted for report_close.
 */
void report(enum report_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes the closing record, with the number of those left out. */
void report_close(enum report_level level, const char *summary);

#endif
