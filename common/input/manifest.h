/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of manifests and drop-ins, kpatch-early.manifest(5). Parses text in place;
 * opens no files, and does not decide which patch is loaded.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bounds.h"
#include "common/sha256.h"

struct manifest_entry {
	const char *release;	/* this and @file point into the parsed text */
	const char *file;
	unsigned int line;
	bool required;
	bool disabled;
	bool pinned;		/* the line has sha256= */
	unsigned char sha256[SHA256_BYTES];
	size_t build_id_len;	/* 0: the line has no buildid= */
	unsigned char build_id[BUILD_ID_BYTES_MAX];
	const char *fixes;	/* words with commas, in the text too; or NULL */
};

struct manifest_error {
	unsigned int line;	/* counted from 1 */
	const char *reason;	/* static text */
};

enum manifest_kind {
	MANIFEST_BAKED,		/* each line must have sha256= */
	MANIFEST_DROP_IN,	/* sha256= pins the file, and may be left out */
};

/* Called once for each line, in order. False ends the parsing. */
typedef bool (*manifest_visit_fn)(const struct manifest_entry *entry, void *data);

/* How a text is parsed. */
struct manifest_reader {
	enum manifest_kind kind;
	manifest_visit_fn visit;
	void *data;		/* for @visit */
};

enum manifest_result {
	MANIFEST_OK,
	MANIFEST_WRONG_LINE,	/* and the error is filled */
	MANIFEST_STOPPED,	/* by the visitor */
};

/*
 * Parses @text of @len bytes, with a NUL at [@len], and writes into it. One wrong line
 * makes the whole text invalid: what the visitor was given may be used only after
 * MANIFEST_OK.
 */
enum manifest_result manifest_parse(char *text, size_t len,
				    const struct manifest_reader *reader,
				    struct manifest_error *ret_error);

/* Returns NULL if @file can stand in a manifest, else the reason why not. */
const char *manifest_check_file_name(const char *file);

/* Returns NULL if @release can stand in a manifest, else the reason why not. */
const char *manifest_check_release(const char *release);

/*
 * True if the file names @a and @b differ in '-' and '_' only: the kernel sees one
 * module.
 */
bool manifest_same_module(const char *a, const char *b);

#endif
