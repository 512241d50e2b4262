/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the patches for some kernels, and prints what it finds. Parses no option. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include <stdbool.h>

#include "host/bake.h"

struct check_request {
	struct bake_request bake;	/* root, releases and FILEs, as bake has them */
	const char *kernel;		/* the kernel's file; NULL: where it should be */
	const char *modules;		/* the directory of its modules; NULL likewise */
	const char *initramfs;		/* a file or a directory, or NULL */
	bool any_module;		/* see check.h */
	bool is_enforced;
	bool allows_jump_tables;
	bool is_json;
};

/*
 * Checks what bake would take. Without a release those are the one of the kernel's file,
 * else those that FILEs were built for, else that of this system.
 * Returns an exit status of verbs.h, or EXIT_UNKNOWN.
 */
int check_run(struct check_request *request);

#endif
