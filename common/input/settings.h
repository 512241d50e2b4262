/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch-early.conf: key=value lines. A wrong line costs that setting, and never a boot: a number
 * keeps its default, and of a switch that is not understood, what loads less is taken.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

enum on_failure { ON_FAILURE_CONTINUE, ON_FAILURE_EMERGENCY, ON_FAILURE_REBOOT, ON_FAILURE_POWEROFF };
enum guard_mode { GUARD_AUTO, GUARD_REQUIRED, GUARD_OFF };

struct settings {
	unsigned int transition_timeout_s;	/* for one patch */
	unsigned int load_timeout_s;		/* for one call of finit_module(2) */
	bool enabled;				/* no: apply loads nothing */
	bool keep_awake;			/* no: no helpers while patches are loaded, see busy_cpus.h */
	bool follow_kpatch_service;		/* no: bake does not ask whether it is enabled */
	enum on_failure on_failure;		/* where a required patch is missing, see on_failure.h */
	enum guard_mode guard;			/* see judge.h */
	unsigned int guard_tries;		/* boots that may go unproven */
	char guard_store[GUARD_STORE_MAX + 1];	/* PATH or PARTLABEL=NAME; empty: none */
	char guard_modules[GUARD_STORE_MAX + 1]; /* that the store needs, comma-separated */
	unsigned int guard_wait_s;		/* for the store to appear */
};

/* Called for a line that was not understood. @reason says what counts now, until the next one. */
typedef void (*settings_notice_fn)(unsigned int line, const char *reason);

/* Fills @ret with the defaults. */
void settings_defaults(struct settings *ret);

/* Takes over what @text of @len bytes, with a NUL at [@len], says; writes into it. */
void settings_parse(char *text, size_t len, settings_notice_fn notice, struct settings *ret);

/*
 * Fills @ret from kpatch-early.conf below @root; from the defaults if there is none.
 * Returns 0, or -errno if it cannot be read: then it may say enabled=no, and so does @ret.
 */
int settings_read(const char *root, settings_notice_fn notice, struct settings *ret);

#endif
