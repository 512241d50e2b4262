/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of the command line. Each parses its own options and returns an exit status. */
#ifndef VERBS_H
#define VERBS_H

#define EXIT_OK		0	/* all applied, nothing to do, or disabled */
#define EXIT_NOT_APPLIED 1	/* a patch was not applied, or not baked */
#define EXIT_BAD_INPUT	2	/* bad usage or bad manifest */

int bless_verb(int argc, char **argv);
int reset_verb(int argc, char **argv);
int rollback_verb(int argc, char **argv);
int apply_verb(int argc, char **argv);
int bake_verb(int argc, char **argv);
int info_verb(int argc, char **argv);
int install_verb(int argc, char **argv);
int list_verb(int argc, char **argv);
int overlay_verb(int argc, char **argv);
int status_verb(int argc, char **argv);
int uninstall_verb(int argc, char **argv);

/* Says on standard error that "kpatch-early --help" helps; returns EXIT_BAD_INPUT. */
int verbs_bad_usage(void);

#endif
