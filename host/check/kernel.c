// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/kernel.h"

#include <string.h>

#include "common/text.h"

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* VERMAGIC_STRING of include/linux/vermagic.h begins with the release. */
static void read_vermagic(struct kernel *kernel)
{
	struct kallsyms_symbol symbol;
	const char *text;
	size_t len;

	if (!kallsyms_find_only(&kernel->kallsyms, "vermagic", &symbol))
		return;
	text = kernel_memory_text(&kernel->memory, symbol.address, VERMAGIC_MAX);
	len = text ? strcspn(text, " ") : 0;
	if (!len || len > RELEASE_MAX || !is_printable(text))
		return;
	kernel->vermagic = text;
	memcpy(kernel->release, text, len);
	kernel->release[len] = '\0';
}

static void read_build_id(struct kernel *kernel)
{
	static const char *const names[] = { "__start_notes", "__stop_notes" };
	struct kallsyms_range range;
	const void *notes;

	if (!kallsyms_range(&kernel->kallsyms, names, &range))
		return;
	notes = kernel_memory_at(&kernel->memory, range.address, (size_t)range.size);
	if (notes)
		build_id_from_notes(notes, (size_t)range.size, &kernel->build_id);
}

static enum answer has_live_patching(const struct kallsyms *kallsyms)
{
	if (!kallsyms->count)
		return ANSWER_UNKNOWN;
	return kallsyms_count(kallsyms, "klp_enable_patch") ? ANSWER_YES : ANSWER_NO;
}

static bool kernel_read_bytes(struct kernel *kernel, const void *bytes, size_t size)
{
	if (!kernel_memory_open(&kernel->memory, bytes, size))
		return false;
	kallsyms_open(&kernel->kallsyms, &kernel->memory);
	exports_open(&kernel->exports, &kernel->memory, &kernel->kallsyms);
	patchable_open(&kernel->patchable, &kernel->memory, &kernel->kallsyms);
	certificates_open(&kernel->certificates, &kernel->memory, &kernel->kallsyms);
	read_vermagic(kernel);
	read_build_id(kernel);
	kernel->has_livepatch = has_live_patching(&kernel->kallsyms);
	return true;
}

bool kernel_open_bytes(struct kernel *ret, const void *bytes, size_t size)
{
	memset(ret, 0, sizeof(*ret));
	return kernel_read_bytes(ret, bytes, size);
}

enum kernel_file_result kernel_open(int fd, struct kernel *ret)
{
	enum kernel_file_result result;

	memset(ret, 0, sizeof(*ret));
	result = kernel_file_map(fd, &ret->file);
	if (result || kernel_read_bytes(ret, ret->file.bytes, ret->file.size))
		return result;
	kernel_file_unmap(&ret->file);
	return KERNEL_FILE_NO_KERNEL;
}

void kernel_close(struct kernel *kernel)
{
	kallsyms_close(&kernel->kallsyms);
	kernel_file_unmap(&kernel->file);
}
