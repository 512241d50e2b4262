/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes records to the kernel log, the only place besides /run that outlives the
 * initramfs. Limits how many a run writes; decides nothing else. A process has one log:
 * descriptor and counts are this file's variables, since each message of a run goes
 * there.
 */
#ifndef KMSG_WRITE_H
#define KMSG_WRITE_H

#include <stdbool.h>

enum kmsg_level {
	KMSG_EMERG = 0,	/* each console shows it, whatever loglevel= and quiet say */
	KMSG_ERR = 3,
	KMSG_WARNING = 4,
	KMSG_INFO = 6,
};

/*
 * Opens /dev/kmsg below @root. With @to_stderr, or if the log cannot be opened, standard
 * error takes its place.
 */
void kmsg_write_open(const char *root, bool to_stderr);

/* How many records were written, and how many were left out. */
struct kmsg_count {
	unsigned int written, left_out;
};

/* From now on counts in @count, which a child may share, as the worker does. */
void kmsg_write_count_in(struct kmsg_count *count);

/*
 * Writes one record "kpatch-early: …". The kernel drops what comes faster than ten
 * records in five seconds, so a run writes at most KMSG_RECORDS_MAX. Good news may take
 * half of them. kmsg_write_close tells how many were left out.
 */
void kmsg_write(enum kmsg_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes the closing record, with the number of those left out, and closes the log. */
void kmsg_write_close(enum kmsg_level level, const char *summary);

#endif
