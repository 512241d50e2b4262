/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The check of patches that are about to be taken, baked or installed. Asks the check
 * once of each patch for a kernel, and remembers what it said. Prints nothing.
 */
#ifndef GATE_H
#define GATE_H

#include <limits.h>
#include <stdbool.h>

#include "common/input/manifest.h"
#include "common/input/settings.h"
#include "host/check/check_session.h"
#include "host/check/initramfs.h"
#include "host/check/verdicts.h"

/* What is asked of all patches. */
struct gate_query {
	enum check_mode mode;
	const char *root, *release;
	const char *folder;		/* that becomes an initramfs, or NULL */
};

struct gate {
	enum check_mode mode;
	const char *root, *release;
	struct initramfs initramfs;	/* .path is NULL if its drivers are not known */
	struct check_session *session;	/* NULL until a check is run */
	bool is_open;			/* a kernel's file was looked for */
	bool has_kernel;		/* there is one, as far as is known */
	char not_checked[2 * PATH_MAX];	/* what is to be said of that, or "" */
	struct verdicts verdicts;
	char reason[PATH_MAX];		/* why the last patch is refused */
};

/* A patch that is to pass. */
struct gate_patch {
	int fd;				/* of its file, unpacked */
	const char *path;		/* of the file, for its module's name */
	const unsigned char *sha256;	/* of its bytes */
	const struct manifest_entry *entry;	/* of a drop-in, or NULL */
};

enum gate_answer {
	GATE_PASSES,		/* nothing is proved against it, or nothing is checked */
	GATE_WARNS,		/* ->reason is against it, and the mode lets it through */
	GATE_REFUSES,		/* ->reason is against it */
};

/*
 * The mode that the settings below @root have, of which nothing is said here. If
 * @no_check, no patch is refused.
 */
enum check_mode gate_mode(const char *root, bool no_check);

/* Begins with the kernel of @query. Nothing of it is read yet. */
void gate_open(struct gate *ret, const struct gate_query *query);

/* Whether @patch may pass. */
enum gate_answer gate_ask(struct gate *gate, const struct gate_patch *patch);

/* Ends that, and keeps what was found out for the next time. */
void gate_close(struct gate *gate);

#endif
