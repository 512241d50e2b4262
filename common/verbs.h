/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of both programs: finds the verb, and prepares what each verb relies
 * on. Parses no verb's options.
 */
#ifndef VERBS_H
#define VERBS_H

#include <stdbool.h>

#include "common/exit_status.h"

/* A verb parses its own options, from argv[1] on, and returns an exit status. */
struct verb {
	const char *name;
	int (*run)(int argc, char **argv);	/* NULL: only the host program has it */
	bool needs_root;
};

/* The verbs of the early program, which the host program has too. */
int apply_verb(int argc, char **argv);
int rollback_verb(int argc, char **argv);

/*
 * What main does in both programs: starts the system if this process is the PID 1 that
 * has to, see pid1.h, and else calls verbs_main. The first process of a container is PID
 * 1 too, and may be called for one of @verbs. Returns an exit status.
 */
int pid1_main(const struct verb *verbs, const char *help, int argc, char **argv);

/*
 * Runs argv[1], one of @verbs, which end with a NULL name. @help is the usage text, in
 * which a verb's own part begins with two spaces and its name. Returns an exit status.
 */
int verbs_main(const struct verb *verbs, const char *help, int argc, char **argv);

/*
 * Each program's own: says that @name is none of @verbs, and what may be meant. Returns
 * EXIT_BAD_INPUT.
 */
int verbs_unknown(const struct verb *verbs, const char *name);

/* Returns the verb @name, or NULL. */
const struct verb *verbs_find(const struct verb *verbs, const char *name);

/* Sets what a verb relies on, whoever the caller is: standard streams, signals, umask. */
void verbs_prepare(void);

/*
 * Asks the kernel for no huge pages in our static buffers. These have many megabytes, of
 * which a boot touches few pages. Where transparent huge pages are on, as in Debian, each
 * touch would zero 2 MB: 10 MB of memory, and 20 ms in an emulated machine. verbs_prepare
 * does it too.
 */
void verbs_refuse_huge_pages(void);

/*
 * An option of a verb: --NAME VALUE and --NAME=VALUE, or, where @value is NULL, --NAME.
 */
struct verb_option {
	const char *name;
	const char **value;
	bool *is_given;
};

/*
 * Parses argv[1] and what follows, options alone, by @options, which end with a NULL
 * name. False if there is anything else, which is said on standard error.
 */
bool verbs_parse(char **argv, const struct verb_option *options);

/*
 * True if the folder @root, the value of an option, is there, or if it is empty. Else
 * that is said on standard error.
 */
bool verbs_has_root(const char *verb, const char *root);

/* Says on standard error that "kpatch-early --help" helps. Returns EXIT_BAD_INPUT. */
int verbs_bad_usage(void);

#endif
