/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run of apply knows of its boot: one struct, which the supervisor shares with
 * the worker, if there is one.
 */
#ifndef BOOT_H
#define BOOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/utsname.h>

#include "common/input/cmdline.h"
#include "common/input/manifest.h"
#include "common/input/settings.h"
#include "common/module/livepatch.h"
#include "common/status_file.h"
#include "common/verdict.h"
#include "early/boot/kmsg_write.h"
#include "early/boot/supervise.h"
#include "early/guard/judge.h"
#include "early/load/load.h"

/* What kind of run this is. */
enum boot_run {
	BOOT_RUN_EARLY,		/* part of a boot, see on_failure.h */
	BOOT_RUN_BY_HAND,
	BOOT_RUN_DRY,		/* every check, and nothing else */
};

struct boot {
	const char *root;
	enum boot_run run;
	/* of a run before this one; it stays as it is */
	enum status_verdict verdict;
	struct utsname kernel;
	struct settings settings;
	struct cmdline cmdline;
	size_t count;		/* of this kernel's lines */
	size_t current;		/* the patch that is loaded now */
	bool is_unreachable;	/* the guard's record; its judgement stands */
	struct kmsg_count records;	/* in the kernel log */
	enum guard_store_state written;	/* what came of the record's last write */
	enum boot_state state;
	int exit_status;
	struct supervision supervision;
	char reason[REASON_MAX + PATH_MAX];
	bool has_overlay;
	char overlay_manifest[SHA256_HEX_BYTES];	/* empty without an overlay */
	/*
	 * This kernel's lines. When the struct is shared, there is nothing behind them,
	 * and a page that is not touched costs nothing.
	 */
	struct manifest_entry entries[PATCHES_MAX];
	struct patch patches[PATCHES_MAX];		/* and what became of them */
	struct guard guard;
	struct load_context loading;
	struct livepatch_functions functions;		/* see replaced.h */
} SUPERVISE_SHARED;

/* True if an earlier run has given the boot its verdict, which stays. */
bool boot_has_verdict(const struct boot *boot);

/* Writes @file as status_write does. If that can't be, says so, and returns false. */
bool boot_write_status(const char *root, const char *file, const struct status *status);

/*
 * Tells what came of a write of the boot guard's record, unless that is GUARD_STORE_OK.
 * @err is the store's.
 */
void boot_report_guard(enum guard_store_state state, int err);

/* Sets state and reason. */
void boot_set_state(struct boot *boot, enum boot_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
