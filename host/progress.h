/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells somebody at a terminal that a work of more than two seconds goes on: one line of
 * standard error, which is gone when the work ends. Elsewhere it prints nothing.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <sys/types.h>

struct progress {
	pid_t child;	/* which prints; or 0 */
	unsigned long long begin_ms;
};

/* Begins with the words @doing, as "checking". Ends with the scope of PROGRESS. */
struct progress progress_begin(const char *doing);
void progress_end(struct progress *progress);

#define PROGRESS __attribute__((cleanup(progress_end))) struct progress

#endif
