// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/clock.h"
#include "common/file.h"
#include "common/module/buildid.h"
#include "common/module/klp_relocations.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"

struct verification {
	const struct verify_context *context;
	const struct manifest_entry *entry;
	struct patch *patch;
};

/* Each step below returns true to go on, or ends the patch's way. */

static bool check_wanted(struct verification *it)
{
	if (it->entry->disabled)
		return patch_end(it->patch, CAUSE_DISABLED);
	return !cmdline_skips(it->context->cmdline, it->patch->name) ||
	       patch_end(it->patch, CAUSE_SKIP_WORD);
}

static bool check_kernel_build(struct verification *it)
{
	const struct manifest_entry *entry = it->entry;
	struct build_id kernel;
	int err;

	if (!entry->build_id_len)
		return true;
	switch (build_id_of_kernel(it->context->root, &kernel, &err)) {
	case BUILD_ID_NONE:
		return patch_end(it->patch, CAUSE_BUILD_ID_MISSING);
	case BUILD_ID_DAMAGED:
		return patch_end(it->patch, CAUSE_BUILD_ID_DAMAGED);
	case BUILD_ID_UNREADABLE:
		return patch_end_with_errno(it->patch, CAUSE_BUILD_ID_UNREADABLE, err);
	case BUILD_ID_FOUND:
		break;
	}
	return (kernel.len == entry->build_id_len &&
		!memcmp(kernel.bytes, entry->build_id, kernel.len)) ||
	       patch_end(it->patch, CAUSE_OTHER_BUILD);
}

static bool check_opened_file(struct patch *patch, const char *path)
{
	struct stat st;

	if (patch->fd < 0 || fstat(patch->fd, &st)) {
		patch->verdict.err = -errno;
		return patch_end_with(patch, CAUSE_NOT_OPENED, path);
	}
	if (!S_ISREG(st.st_mode))
		return patch_end_with(patch, CAUSE_NOT_REGULAR, path);
	patch->verdict.uid = st.st_uid;
	if (st.st_uid != 0)
		return patch_end_with(patch, CAUSE_FOREIGN, path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return patch_end_with(patch, CAUSE_WRITABLE, path);
	return st.st_size <= MODULE_BYTES_MAX ||
	       patch_end_with(patch, CAUSE_TOO_LARGE, path);
}

static bool open_file(struct verification *it)
{
	char path[PATH_MAX];

	if (file_path(path, it->context->root, PATCHES_DIR "/%s/%s", it->context->release,
		      it->entry->file))
		return patch_end(it->patch, CAUSE_PATH_TOO_LONG);
	it->patch->fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	return check_opened_file(it->patch, path);
}

static bool check_digest(struct verification *it)
{
	char hex[2 * SHA256_BYTES + 1];
	unsigned char digest[SHA256_BYTES];
	int err = sha256_file(it->patch->fd, digest);

	if (err)
		return patch_end_with_errno(it->patch, CAUSE_UNREADABLE, err);
	if (!memcmp(digest, it->entry->sha256, SHA256_BYTES))
		return true;
	text_to_hex(digest, SHA256_BYTES, hex);
	return patch_end_with(it->patch, CAUSE_DIGEST, hex);
}

/* A kernel with CONFIG_MODVERSIONS ignores the release in vermagic. */
static bool check_release(struct verification *it, const char *release)
{
	char releases[2 * RELEASE_MAX + 16];

	if (!strcmp(release, it->context->release))
		return true;
	snprintf(releases, sizeof(releases), "%s, not %s", *release ? release : "(none)",
		 it->context->release);
	return patch_end_with(it->patch, CAUSE_OTHER_RELEASE, releases);
}

static bool check_modinfo(struct verification *it)
{
	struct patch *patch = it->patch;
	struct modinfo info;
	int err = 0;
	enum modinfo_result result = modinfo_read(patch->fd, &info, &err);

	if (result != MODINFO_OK)
		return patch_end_with(patch, CAUSE_NO_MODULE,
				      modinfo_result_text(result, err));
	if (info.name[0])
		module_name_of_file(info.name, patch->name, sizeof(info.name));
	memcpy(patch->depends, info.depends, sizeof(patch->depends));
	if (!info.livepatch)
		return patch_end(patch, CAUSE_NO_LIVE_PATCH);
	patch->relocations = klp_relocations_count(patch->fd);
	return check_release(it, info.release) && check_wanted(it);
}

static bool check_dependencies(struct verification *it)
{
	const struct modprobe_source source = {
		.root = it->context->root,
		.release = it->context->release,
		.dry_run = true,
	};

	return patch_load_dependencies(it->patch, &source);
}

void verify_patch(const struct verify_context *context,
		  const struct manifest_entry *entry, struct patch *patch)
{
	struct verification it = { .context = context, .entry = entry, .patch = patch };
	unsigned long long start = clock_now_ms();
	bool is_good;

	patch->verdict = (struct verdict){ 0 };
	is_good = check_wanted(&it) && check_kernel_build(&it) && open_file(&it);
	is_good = is_good && check_digest(&it) && check_modinfo(&it) &&
		  check_dependencies(&it);
	if (!is_good)
		file_close(&patch->fd);
	patch->verdict.ms = (unsigned int)(clock_now_ms() - start);
}
