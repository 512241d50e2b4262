// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/bake_report.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/module/core_module.h"
#include "common/paths.h"
#include "common/verdict.h"
#include "host/sentence.h"

#define SAY(format, ...) fprintf(stderr, "kpatch-early: bake: " format "\n", __VA_ARGS__)

/* %0: reason. %1: other. %2: the release that is baked for. */
static const char *const refusal_sentences[] = {
	[BAKE_REFUSAL_NONE] = "",
	[BAKE_REFUSAL_LATER_RELEASE] = "",
	[BAKE_REFUSAL_TREE_NOT_WRITTEN] = "",
	[BAKE_REFUSAL_WRONG_FILE] = "%0",
	[BAKE_REFUSAL_NOT_REGULAR] = "it is not a regular file",
	[BAKE_REFUSAL_NO_DECOMPRESSOR] = "the program to unpack it is not installed",
	[BAKE_REFUSAL_NOT_READ] = "it cannot be read or unpacked: %0",
	[BAKE_REFUSAL_NOT_UNPACKED] = "it cannot be read or unpacked: it is damaged",
	[BAKE_REFUSAL_TOO_LARGE] =
		"it cannot be read or unpacked: it is larger than the limit",
	[BAKE_REFUSAL_NO_LIVE_PATCH] =
		"it is not a live patch (neither livepatch=Y nor depends=kpatch)",
	[BAKE_REFUSAL_OTHER_RELEASE] = "it is for kernel %1, not %2",
	[BAKE_REFUSAL_NAME_TOO_LONG] = "its module name is too long",
	[BAKE_REFUSAL_NAME_TAKEN] = "%1 has the same module name, %0",
	[BAKE_REFUSAL_NAME_UNKNOWN] =
		("its module calls itself %1, which only the file's name could tell: "
		 "name the file %1.ko"),
	[BAKE_REFUSAL_RELEASE_FULL] = "%2 has as many patches as the limit allows",
	[BAKE_REFUSAL_MANIFEST_FULL] = "the manifest is full",
	[BAKE_REFUSAL_OTHER_DIGEST] =
		"its SHA-256 is %1, not the one pinned in a drop-in",
	[BAKE_REFUSAL_CHECK] = "check refuses it, %1",
	[BAKE_REFUSAL_NO_STRIP] = "strip (of binutils) is not installed",
	[BAKE_REFUSAL_STRIP_FAILED] = "strip failed",
};

void bake_report_wrong_release(const char *release, const char *reason)
{
	SAY("-k %s: %s", release, reason);
}

void bake_report_no_release(void)
{
	SAY("%s", "-k RELEASE is missing");
}

void bake_report_wrong_root(const char *root)
{
	SAY("--root %s: %s", root, strerror(errno));
}

void bake_report_setting(unsigned int line, const char *reason)
{
	SAY(CONF_FILE " line %u: %s", line, reason);
}

void bake_report_drop_in(const char *sentence)
{
	SAY("%s", sentence);
}

void bake_report_off(const char *off_reason)
{
	SAY("%s, so no patch is baked", off_reason);
}

void bake_report_left_out(const struct candidate *candidate, const char *off_reason)
{
	SAY("%s: %s; it is not baked", candidate->source, off_reason);
}

void bake_report_no_patch(const char *release, const char *off_reason)
{
	if (off_reason)
		printf("no patch for %s: %s\n", release, off_reason);
	else
		printf("no patch for %s\n", release);
}

static const char *selection_text(enum patch_select_result result, int err)
{
	switch (result) {
	case PATCH_SELECT_WRONG_DROP_IN:
		return "wrong drop-in";
	case PATCH_SELECT_OVER_LIMIT:
		return "more patches than the limit";
	case PATCH_SELECT_OK:
	case PATCH_SELECT_UNREADABLE:
		break;
	}
	return verdict_errno_text(err);
}

void bake_report_selection(const char *release, enum patch_select_result result, int err)
{
	SAY("%s: %s; the manifest is not written", release, selection_text(result, err));
}

static void report_refusal(const struct candidate *candidate,
			   const struct bake_outcome *outcome)
{
	const char *const words[] = {
		outcome->reason, outcome->other, candidate->entry.release
	};
	char reason[PATH_MAX];

	sentence_fill(refusal_sentences[outcome->refusal], words, reason, sizeof(reason));
	SAY("%s: %s; it is not baked", candidate->source, reason);
}

static void report_copy(const struct bake_request *request,
			const struct candidate *candidate,
			const struct bake_outcome *outcome)
{
	printf("baked %s for %s, %lld bytes", candidate->entry.file,
	       candidate->entry.release, outcome->bytes);
	if (request->strip)
		printf(" (%lld bytes of debug sections saved)", outcome->bytes_saved);
	putchar('\n');
}

/* Why the copy is not stripped, as was asked for. A refusal has a sentence of its own. */
static void report_strip(const struct candidate *candidate,
			 const struct bake_strip *strip)
{
	switch (strip->result) {
	case BAKE_STRIP_SIGNED:
		SAY("%s: signed, so it is not stripped", candidate->source);
		break;
	case BAKE_STRIP_CHANGES:
		SAY("%s: strip would change its section %s, which the kernel needs, so "
		    "it is not stripped", candidate->source, strip->section);
		break;
	case BAKE_STRIP_NOT_COMPARED:
		SAY("%s: nothing tells whether strip would change what the kernel needs "
		    "of it, so it is not stripped", candidate->source);
		break;
	case BAKE_STRIP_NOT_ASKED:
	case BAKE_STRIP_DONE:
	case BAKE_STRIP_NOT_INSTALLED:
	case BAKE_STRIP_FAILED:
	case BAKE_STRIP_ERROR:
		break;
	}
}

void bake_report_outcome(const struct bake_request *request,
			 const struct candidate *candidate,
			 const struct bake_outcome *outcome)
{
	report_strip(candidate, &outcome->strip);
	if (outcome->warning)
		SAY("%s: check refuses it, %s; it is baked all the same",
		    candidate->source, outcome->warning);
	if (outcome->bytes >= 0)
		report_copy(request, candidate, outcome);
	if (outcome->refusal == BAKE_REFUSAL_TREE_NOT_WRITTEN)
		SAY("%s: %s; the manifest is not written", outcome->path,
		    strerror(abs(outcome->err)));
	else if (*refusal_sentences[outcome->refusal])
		report_refusal(candidate, outcome);
}

void bake_report_not_checked(const char *reason)
{
	SAY("%s; whether that kernel would load its patches is not checked", reason);
}

void bake_report_replacing(const struct manifest_entry *last, size_t count,
			   bool by_default)
{
	SAY("%zu patches for %s replace those before them%s, so of these only %s will "
	    "be in force; a drop-in sets another order", count, last->release,
	    by_default ? " (kpatch-build's and klp-build's by default)" : "",
	    last->file);
}

void bake_report_core(const struct bake_request *request, const char *release,
		      enum bake_core_result result, const struct bake_core *core)
{
	switch (result) {
	case BAKE_CORE_THERE:
		break;
	case BAKE_CORE_BAKED:
		printf("baked " CORE_MODULE ".ko for %s, which its patches need\n",
		       release);
		break;
	case BAKE_CORE_MISSING:
		SAY("there is no " CORE_MODULE ".ko for %s below %s/, which its patches "
		    "need: an initramfs that has none either does not load them",
		    release, request->root);
		break;
	case BAKE_CORE_REFUSED:
		SAY("%s: %s; it is not baked, and the patches for %s need it",
		    core->path, core->reason, release);
		break;
	case BAKE_CORE_NOT_WRITTEN:
		SAY("%s: %s; the manifest is not written", core->path,
		    strerror(abs(core->err)));
		break;
	}
}

void bake_report_required(const struct manifest_entry *entry)
{
	SAY("%s: required for %s, but not among the files for it; it is not baked",
	    entry->file, entry->release);
}

void bake_report_kept_line(const struct manifest_entry *entry, bool has_line)
{
	if (has_line)
		SAY("%s, required for %s, has its line in the manifest without a file, "
		    "so a boot reports it as failed", entry->file, entry->release);
	else
		SAY("%s, required for %s, cannot have a line in the manifest, so no boot "
		    "reports it as failed", entry->file, entry->release);
}

void bake_report_tree_error(const struct baked_tree_error *error, const char *what_now)
{
	const char *reason = error->line.reason;

	if (error->is_unsigned)
		what_now = "the manifest is written, but not its signature";
	else if (!reason)
		what_now = "the manifest is not written";
	if (!reason)
		reason = strerror(abs(error->err));
	if (error->line.line)
		SAY("%s line %u: %s; %s", error->path, error->line.line, reason,
		    what_now);
	else
		SAY("%s: %s; %s", error->path, reason, what_now);
}

void bake_report_signature_removed(const char *output)
{
	SAY("%s" SIGNATURE_FILE ": removed, since it is not of the new manifest", output);
}

void bake_report_keys(const char *keys_root)
{
	SAY("%s" KEYS_DIR " has keys, so apply refuses the manifest until it is signed",
	    keys_root);
}

void bake_report_flag_file(const char *output, int err)
{
	SAY("%s" GUARDED_FILE " cannot be written or removed: %s; a boot with this tree "
	    "does not know whether a record of the boot guard was made", output,
	    verdict_errno_text(err));
}

void bake_report_signature_error(const struct signed_manifest_error *error)
{
	SAY("%s: %s; the manifest is written", error->path,
	    *error->reason ? error->reason : verdict_errno_text(error->err));
}
