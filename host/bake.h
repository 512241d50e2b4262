/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bakes: the only writer of the tree that apply reads. Parses no option. */
#ifndef BAKE_H
#define BAKE_H

#include <stdbool.h>
#include <stddef.h>

#define BAKE_RELEASES_MAX 64

struct bake_request {
	const char *root;		/* "" for this system */
	const char *output;		/* the directory of the tree; NULL: root */
	const char *sign_key;		/* file of the key to sign with, or NULL */
	bool strip;
	bool no_check;			/* what check refuses is baked, with a warning */
	char *const *files;		/* end with NULL; if any, instead of the store */
	size_t release_count;
	const char *releases[BAKE_RELEASES_MAX + 1];	/* one too many, to be refused */
};

/* Adds a kernel release to bake for, unless @request has it. */
void bake_request_add_release(struct bake_request *request, const char *release);

/* True if @release is one of those to bake for. */
bool bake_request_has_release(const struct bake_request *request, const char *release);

/* False, with a message, if a release can't be one, or if there are too many. */
bool bake_request_check_releases(const struct bake_request *request);

/*
 * Checks the patches of @request, and writes the manifest and its tree. Says on standard
 * error what is refused, as "bake: ...", and on standard output what is baked.
 * Returns an exit status of verbs.h.
 */
int bake_run(const struct bake_request *request);

#endif
