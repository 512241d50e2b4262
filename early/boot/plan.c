// SPDX-License-Identifier: GPL-2.0-or-later
#include "early/boot/plan.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>

#include "common/file.h"
#include "common/input/settings.h"
#include "common/input/signed_manifest.h"
#include "common/module/livepatch.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "common/module/signature_policy.h"
#include "common/mount.h"
#include "common/paths.h"
#include "common/text.h"
#include "common/verbs.h"
#include "early/boot/kmsg_write.h"
#include "early/boot/verify.h"

static void report_settings_line(unsigned int line, const char *reason)
{
	kmsg_write(KMSG_WARNING, CONF_FILE " line %u: %s", line, reason);
}

static void report_long_timeout(const char *key, unsigned int seconds,
				unsigned int budget_s)
{
	if (seconds > budget_s)
		kmsg_write(KMSG_WARNING,
			   CONF_FILE ": %s=%u is longer than boot_budget=%u, which wins",
			   key, seconds, budget_s);
}

/* False if the administrator said no, or may have. */
static bool read_settings(struct boot *boot)
{
	struct settings *settings = &boot->settings;
	int err = settings_read(boot->root, report_settings_line, settings);

	if (err)
		boot_set_state(boot, BOOT_DISABLED,
			       CONF_FILE " cannot be read, and may say enabled=no: %s",
			       verdict_errno_text(err));
	else if (!settings->enabled)
		boot_set_state(boot, BOOT_DISABLED, "enabled=no in " CONF_FILE);
	report_long_timeout("transition_timeout", settings->transition_timeout_s,
			    settings->boot_budget_s);
	report_long_timeout("load_timeout", settings->load_timeout_s,
			    settings->boot_budget_s);
	return settings->enabled;
}

static void report_word(const char *word, const char *complaint)
{
	kmsg_write(KMSG_WARNING, "kernel command line: %s%s", word, complaint);
}

/* False if the administrator said no, or may have. */
static bool read_cmdline(struct boot *boot)
{
	struct cmdline *cmdline = &boot->cmdline;

	cmdline_read(boot->root, report_word, cmdline);
	if (cmdline->disabled_by)
		boot_set_state(boot, BOOT_DISABLED, "%s", cmdline->disabled_by);
	return !cmdline->disabled_by;
}

/*
 * Takes a line for this kernel. An overlay's line for a module of the base's replaces
 * that one: its file has taken the place of the other, and its word is the newer one.
 * But what the base requires stays required. False if there is no room.
 */
static bool take_line(const struct manifest_entry *entry, void *data)
{
	struct boot *boot = data;

	if (strcmp(entry->release, boot->kernel.release))
		return true;
	for (size_t i = 0; i < boot->count; i++)
		if (manifest_same_module(boot->entries[i].file, entry->file)) {
			bool required = boot->entries[i].required | entry->required;

			boot->entries[i] = *entry;
			boot->entries[i].required = required;
			return true;
		}
	if (boot->count == PATCHES_MAX)
		return false;
	boot->entries[boot->count++] = *entry;
	return true;
}

/* Nothing of what cannot be trusted is used. Returns an exit status. */
static int refuse_manifest(struct boot *boot, const struct signed_manifest_error *error)
{
	if (*error->reason)
		boot_set_state(boot, BOOT_FAILED, "%s: %s", error->path, error->reason);
	else
		boot_set_state(boot, BOOT_FAILED, "%s cannot be read: %s", error->path,
			       verdict_errno_text(error->err));
	return EXIT_BAD_INPUT;
}

/* Nothing is loaded before every line was understood. Returns an exit status. */
static int parse_manifest(struct boot *boot, struct signed_manifest *manifest,
			  const char *file)
{
	const struct manifest_reader reader = { MANIFEST_BAKED, take_line, boot };
	struct manifest_error error;

	switch (manifest_parse(manifest->text, manifest->len, &reader, &error)) {
	case MANIFEST_OK:
		return EXIT_OK;
	case MANIFEST_WRONG_LINE:
		boot_set_state(boot, BOOT_FAILED, "%s%s line %u: %s", boot->root, file,
			       error.line, error.reason);
		break;
	case MANIFEST_STOPPED:
		boot_set_state(boot, BOOT_FAILED,
			       "%s%s: more than %d patches for this kernel", boot->root,
			       file, PATCHES_MAX);
		break;
	}
	return EXIT_BAD_INPUT;
}

/* Returns an exit status. */
static int read_manifests(struct boot *boot)
{
	static const char *const files[] = { MANIFEST_FILE, ADDED_MANIFEST_FILE };
	static struct signed_manifest manifests[ARRAY_SIZE(files)];
	static struct signify_keys keys;
	struct signed_manifest_error error;
	enum signed_manifest_result result;
	int ret = EXIT_OK;

	if (!signed_manifest_read_keys(boot->root, &keys, &error))
		return refuse_manifest(boot, &error);
	boot_set_state(boot, BOOT_NOTHING, "there is no manifest");
	for (size_t i = 0; i < ARRAY_SIZE(files) && ret == EXIT_OK; i++) {
		result = signed_manifest_read(&(struct signed_manifest_source){
			boot->root, files[i], &keys }, &manifests[i], &error);
		if (result == SIGNED_MANIFEST_NONE)
			continue;
		boot_set_state(boot, BOOT_NOTHING,
			       "the manifest has no line for this kernel");
		ret = result == SIGNED_MANIFEST_REFUSED ?
			      refuse_manifest(boot, &error) :
			      parse_manifest(boot, &manifests[i], files[i]);
	}
	if (ret != EXIT_OK)
		boot->count = 0;
	return ret;
}

/* Each overlay has this manifest, whatever base it was given to. */
static void identify_overlay(struct boot *boot)
{
	unsigned char digest[SHA256_BYTES];
	char path[PATH_MAX];
	int err;

	boot->has_overlay = file_is_there(boot->root, OVERLAY_FILE);
	if (!boot->has_overlay)
		return;
	err = file_path(path, boot->root, ADDED_MANIFEST_FILE);
	CLOSE_FD fd = err ? err : file_open(path);
	if (fd >= 0 && !sha256_file(fd, digest))
		text_to_hex(digest, SHA256_BYTES, boot->overlay_manifest);
}

bool plan_read(struct boot *boot)
{
	identify_overlay(boot);
	if (!read_cmdline(boot) || !read_settings(boot))
		return false;
	boot->exit_status = read_manifests(boot);
	for (size_t i = 0; i < boot->count; i++) {
		struct patch *patch = &boot->patches[i];

		module_name_of_file(boot->entries[i].file, patch->name,
				    sizeof(patch->name));
		patch->required = boot->entries[i].required;
		patch->fd = -1;
	}
	if (!boot->count && boot->exit_status == EXIT_OK)
		plan_report_skips(boot);
	return boot->count;
}

/* Whether the @len bytes at @item, of kpatch.skip=, name a patch of this kernel. */
static bool is_planned(const struct boot *boot, const char *item, size_t len)
{
	for (size_t i = 0; i < boot->count; i++)
		if (cmdline_is_name_of(item, len, boot->patches[i].name))
			return true;
	return false;
}

void plan_report_skips(const struct boot *boot)
{
	const char *item = boot->cmdline.skip;
	size_t len;

	for (; item && *item; item += len + (item[len] == ',')) {
		len = strcspn(item, ",");
		if (len && !is_planned(boot, item, len))
			kmsg_write(KMSG_WARNING, "kernel command line: kpatch.skip=%.*s "
				   "names no patch of this kernel: it leaves out nothing",
				   (int)len, item);
	}
}

/* The last patch behind @patch that is in force, and replaces or may; or NULL. */
static const struct patch *find_replacing(const struct boot *boot,
					  const struct patch *patch)
{
	for (const struct patch *by = boot->patches + boot->count - 1; by > patch; by--)
		if (livepatch_state(boot->root, by->name) == LIVEPATCH_ENABLED &&
		    livepatch_may_replace(boot->root, by->name))
			return by;
	return NULL;
}

/*
 * Why @patch, which is not loaded, is not tried. Where the kernel does not tell that
 * @by replaces, nobody knows what became of the patch: what failed at this boot stays
 * failed, and so is what is required, unless this boot has skipped it.
 */
static enum cause cause_of_missing(const struct boot *boot, const struct patch *patch,
				   const struct patch *by)
{
	enum outcome before;

	if (livepatch_replaces(boot->root, by->name))
		return CAUSE_REPLACED;
	before = status_outcome(boot->root, patch->name);
	return before == OUTCOME_FAILED ||
			       (patch->required && before != OUTCOME_SKIPPED) ?
		       CAUSE_MAY_REPLACE_MISSED :
		       CAUSE_MAY_REPLACE;
}

/*
 * Loaded now, a patch may turn off a later one that is in force: a second run must not.
 */
static void end_if_replaced(struct boot *boot, struct patch *patch)
{
	const struct patch *by;

	if (!patch_is_open(patch) ||
	    livepatch_module_is_loaded(boot->root, patch->name))
		return;
	by = find_replacing(boot, patch);
	if (by)
		patch_end_with(patch, cause_of_missing(boot, patch, by), by->name);
}

void plan_verify(struct boot *boot)
{
	const struct verify_context context = {
		.root = boot->root,
		.release = boot->kernel.release,
		.cmdline = &boot->cmdline,
	};

	for (size_t i = 0; i < boot->count; i++)
		verify_patch(&context, &boot->entries[i], &boot->patches[i]);
	if (livepatch_is_none(boot->root))
		return;
	for (size_t i = 0; i < boot->count; i++)
		end_if_replaced(boot, &boot->patches[i]);
}

bool plan_must_load(const struct boot *boot, const struct patch *patch)
{
	return patch_is_open(patch) &&
	       !livepatch_module_is_loaded(boot->root, patch->name);
}

bool plan_has_load(const struct boot *boot)
{
	for (size_t i = 0; i < boot->count; i++)
		if (plan_must_load(boot, &boot->patches[i]))
			return true;
	return false;
}

/* Lockdown is told by securityfs, which nobody may have mounted yet. */
static bool wants_signatures(const char *root)
{
	struct mount securityfs = {
		.type = "securityfs", .directory = "/sys/kernel/security",
		.flags = MS_NOSUID | MS_NODEV | MS_NOEXEC,
	};
	bool ret;

	if (!*root)
		mount_missing(&securityfs);
	ret = signature_policy_is_strict(root);
	mount_undo(&securityfs);
	return ret;
}

bool plan_is_hopeless(const struct boot *boot)
{
	for (size_t i = 0; i < boot->count; i++)
		if (plan_must_load(boot, &boot->patches[i]) &&
		    (*boot->patches[i].depends ||
		     modinfo_is_signed(boot->patches[i].fd)))
			return false;
	return wants_signatures(boot->root);
}
