/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of manifests and drop-ins, kpatch-early.manifest(5). Parses text in place;
 * opens no files and decides nothing about which patch is loaded.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"

#define SHA256_BYTES 32

struct manifest_entry {
	const char *release;	/* these two point into the text that was parsed */
	const char *file;
	unsigned int line;
	bool required;
	bool disabled;
	bool pinned;		/* sha256= was given */
	unsigned char sha256[SHA256_BYTES];
	size_t build_id_len;	/* 0: buildid= was not given */
	unsigned char build_id[BUILD_ID_BYTES_MAX];
};

struct manifest_error {
	unsigned int line;	/* counted from 1 */
	const char *reason;	/* static text */
};

enum manifest_kind {
	MANIFEST_BAKED,		/* each line must have sha256= */
	MANIFEST_DROP_IN,	/* sha256= pins the file, and may be left out */
};

/* Called once for each line, in order. What it returns, if not 0, ends the parsing. */
typedef int (*manifest_visit_fn)(const struct manifest_entry *entry, void *data);

/*
 * Parses @text of @len bytes, which has a NUL at [@len]; writes into it.
 * A caller must not use what @visit was given unless this returns 0: one wrong line makes
 * the whole text invalid. Returns -EINVAL and fills @ret_error for such a line, else what
 * @visit returned.
 */
int manifest_parse(char *text, size_t len, enum manifest_kind kind,
		   manifest_visit_fn visit, void *data, struct manifest_error *ret_error);

/* NULL if @file can stand in a manifest, else the reason why not. */
const char *manifest_check_file_name(const char *file);

/* True if the file names @a and @b differ in '-' and '_' only: they are one module to the kernel. */
bool manifest_same_module(const char *a, const char *b);

/* NULL if @release can stand in a manifest, else the reason why not. */
const char *manifest_check_release(const char *release);

#endif
