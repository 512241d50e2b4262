/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of both programs: verbs, exit status, and what comes before a verb runs. */
#ifndef VERBS_H
#define VERBS_H

#include <stdbool.h>

#define EXIT_OK		0	/* all applied, nothing to do, or disabled */
#define EXIT_NOT_APPLIED 1	/* a patch was not applied, or not baked */
#define EXIT_BAD_INPUT	2	/* bad usage or bad manifest */

/* A verb parses its own options, from argv[1] on, and returns an exit status. */
struct verb {
	const char *name;
	int (*run)(int argc, char **argv);	/* NULL: only the other program has it */
	bool needs_root;
};

/* The verbs of the early program, which the host program has too. */
int apply_verb(int argc, char **argv);
int rollback_verb(int argc, char **argv);

/*
 * The early program's other job. False if this process is no PID 1 that is meant to start a system:
 * in a container the first process may be called for one of the @verbs. Else does not return, unless
 * no init can be executed; then *@ret_status is the exit status.
 */
bool pid1_main(const struct verb *verbs, int argc, char **argv, int *ret_status);

/* Runs argv[1], one of @verbs, which end with a NULL name. @help is the usage text. */
int verbs_main(const struct verb *verbs, const char *help, int argc, char **argv);

/* The verb @name, or NULL. */
const struct verb *verbs_find(const struct verb *verbs, const char *name);

/* What the caller left must not disturb a verb: missing standard streams, signals, umask. */
void verbs_prepare(void);

/*
 * Our limits are static buffers of many megabytes, of which a boot touches few pages. Where the
 * kernel gives huge pages unasked, as Debian's does, each touch would zero 2 MB: 10 MB of memory,
 * and 20 ms in an emulated machine. So this asks for none. Part of verbs_prepare.
 */
void verbs_refuse_huge_pages(void);

/* Says on standard error that "kpatch-early --help" helps; returns EXIT_BAD_INPUT. */
int verbs_bad_usage(void);

#endif
