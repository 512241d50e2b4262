/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks modules against one kernel after the other, as check and bake do. Prints
 * nothing, and selects no patch.
 */
#ifndef CHECK_SESSION_H
#define CHECK_SESSION_H

#include <limits.h>
#include <stdbool.h>

#include "common/input/manifest.h"
#include "host/check/check.h"
#include "host/check/patch_set.h"
#include "host/module_bytes.h"

/* Some 34 MB; what is not used takes no memory. */
struct check_session {
	struct check check;		/* options may be set in it */
	struct findings findings;	/* of the last module */
	struct check_module module;	/* the last one */
	struct patch_set set;
	struct kernel kernel;
	bool kernel_is_given;
	char no_kernel[2 * PATH_MAX];	/* why there is none; or empty */
	struct module_tree tree;
};

/* Makes one. NULL if memory is short; errno says how. */
struct check_session *check_session_new(void);

/* Closes and frees it, if there is one. */
void check_session_free(struct check_session *session);

/* Has the kernel in the file @path be that of all releases. */
void check_session_give_kernel(struct check_session *session, const char *path);

/*
 * Begins anew with the kernel and the modules of @release below @root, or with the
 * modules in the directory @modules, if that is not NULL. Without a kernel ->no_kernel is
 * set. False if memory is short; errno says how.
 */
bool check_session_open(struct check_session *session, const char *root,
			const char *release, const char *modules);

/* Ends that. */
void check_session_close(struct check_session *session);

/*
 * Opens the module in @file, which must stay for the set, from the file @path. False,
 * with a finding, if it is none.
 */
bool check_session_open_module(struct check_session *session,
			       const struct module_bytes *file, const char *path);

/*
 * Checks the module that was opened, which @entry is about. A patch that is not refused
 * becomes one of the set, by the name of the file @path, which must stay, too.
 */
void check_session_check(struct check_session *session,
			 const struct manifest_entry *entry, const char *path);

#endif
