/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings, key=value lines of kpatch-early.conf. Does not act on them. A wrong line
 * costs that setting alone: a number keeps its default, a switch counts as what loads
 * less, and on_failure= as emergency.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

enum on_failure {
	ON_FAILURE_CONTINUE,
	ON_FAILURE_EMERGENCY,
	ON_FAILURE_REBOOT,
	ON_FAILURE_POWEROFF,
};

/* What becomes of a patch that a kernel would refuse, when it is baked or installed. */
enum check_mode { CHECK_MODE_REFUSE, CHECK_MODE_WARN, CHECK_MODE_OFF };

enum guard_mode { GUARD_AUTO, GUARD_REQUIRED, GUARD_OFF };

struct settings {
	unsigned int transition_timeout_s;	/* for one patch */
	unsigned int load_timeout_s;		/* for one call of finit_module(2) */
	unsigned int boot_budget_s;		/* for all that a boot waits for */
	bool enabled;				/* false: apply loads nothing */
	bool keep_awake;			/* false: no helpers, see busy_cpus.h */
	bool follow_kpatch_service;		/* false: bake ignores kpatch.service */
	enum check_mode check;			/* see gate.h */
	enum on_failure on_failure;		/* see on_failure.h */
	enum guard_mode guard;			/* see judge.h */
	unsigned int guard_tries;		/* boots that may go unblessed */
	char guard_store[GUARD_STORE_MAX + 1];	/* PATH, PARTLABEL=NAME or nothing */
	char guard_modules[GUARD_STORE_MAX + 1]; /* that the store needs: A,B,C */
	unsigned int guard_wait_s;		/* for the store to appear */
};

/*
 * Called for a line that was not understood. @reason, valid during the call only, says
 * what counts now.
 */
typedef void (*settings_notice_fn)(unsigned int line, const char *reason);

/* Fills @ret with the defaults. */
void settings_defaults(struct settings *ret);

/*
 * Changes in @ret what @text of @len bytes, with a NUL at [@len], sets. Writes into
 * @text. The last line of a key counts. @notice may be NULL.
 */
void settings_parse(char *text, size_t len, settings_notice_fn notice,
		    struct settings *ret);

/*
 * Fills @ret from kpatch-early.conf below @root, from the defaults if there is no such
 * file.
 * Returns:
 *   0
 *   -errno   the file cannot be read; as it may say enabled=no, @ret does
 */
int settings_read(const char *root, settings_notice_fn notice, struct settings *ret);

/*
 * The same from the file @path. Unless @err is 0, the file could not even be looked for,
 * and @err, of the same meaning, is the result.
 */
int settings_read_file(const char *path, int err, settings_notice_fn notice,
		       struct settings *ret);

#endif
