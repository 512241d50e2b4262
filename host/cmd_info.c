// SPDX-License-Identifier: GPL-2.0-or-later
/* The info verb: prints what kpatch's info does, and what this machine knows more. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/file.h"
#include "common/module/buildid.h"
#include "common/module/livepatch.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "host/archive_info.h"
#include "host/booted.h"
#include "host/commands.h"
#include "host/klp_objects.h"
#include "host/loaded_patch.h"
#include "host/modinfo_text.h"
#include "host/module_file.h"
#include "host/module_signer.h"
#include "host/own_name.h"
#include "host/patch_select.h"
#include "host/usage.h"

enum build { BUILD_SAME, BUILD_OTHER, BUILD_UNKNOWN };

/* Always false. */
static bool fail_info(const struct module_file *module, const char *reason)
{
	fprintf(stderr, "kpatch-early: info: %s: %s\n", module->path, reason);
	return false;
}

/* Prints a line for the object of entry @first, unless an earlier entry had it. */
static void print_object(const struct klp_objects *objects, size_t first)
{
	const char *object = objects->list[first].object, *before = "";

	for (size_t i = 0; i < first; i++)
		if (!strcmp(objects->list[i].object, object))
			return;
	printf("%-16s%s:", "patches:", object);
	for (size_t i = first; i < objects->count; i++) {
		if (strcmp(objects->list[i].object, object))
			continue;
		printf("%s %s", before, objects->list[i].function);
		before = ",";
	}
	putchar('\n');
}

static void print_patches(const struct module_file *module, enum build build)
{
	struct klp_objects objects;

	if (!module->info.livepatch) {
		modinfo_text_print_field("patches",
					 "nothing: it is no live patch (neither "
					 "livepatch=Y nor depends=kpatch)");
		return;
	}
	if (klp_objects_of_module(module->bytes, module->len, &objects)) {
		for (size_t i = 0; i < objects.count; i++)
			print_object(&objects, i);
		return;
	}
	/* What another build of that name patches is not what this file would. */
	if (build != BUILD_SAME || !loaded_patch_print_objects(module->name))
		modinfo_text_print_field("patches", "(cannot be read from this file)");
}

static enum build compare_builds(const struct module_file *module)
{
	struct build_id file, live;

	if (!build_id_of_file(module->fd, &file) ||
	    !build_id_of_module("", module->name, &live))
		return BUILD_UNKNOWN;
	if (file.len != live.len || memcmp(file.bytes, live.bytes, file.len))
		return BUILD_OTHER;
	return BUILD_SAME;
}

static void print_state(enum livepatch_state state, const char *doubt)
{
	if (state == LIVEPATCH_UNKNOWN)
		modinfo_text_print_field("loaded", "yes, in a state that cannot be read");
	else
		printf("%-16syes, %s%s\n", "loaded:", livepatch_state_word(state), doubt);
}

static void print_loaded(const struct module_file *module, enum build build)
{
	if (!livepatch_module_is_loaded("", module->name))
		modinfo_text_print_field("loaded", "no");
	else if (build == BUILD_OTHER)
		modinfo_text_print_field("loaded", "yes, but another build of that name");
	else if (!module->info.livepatch)
		modinfo_text_print_field("loaded", "yes, but it is no live patch");
	else
		print_state(livepatch_state("", module->name), build == BUILD_SAME ? "" :
			    "; whether it is this build cannot be told");
}

static const char *booted_text(enum booted booted)
{
	switch (booted) {
	case BOOTED_NO: return "no";
	case BOOTED_YES: return "yes";
	case BOOTED_NAME: return "yes, by its name; no manifest here tells of the file";
	case BOOTED_OTHER: return "another file of that name";
	case BOOTED_NO_STATUS: return "unknown: apply has not run at this boot";
	case BOOTED_DISABLED: return "unknown: apply was disabled at this boot";
	case BOOTED_INVALID: return "unknown: apply could not use its manifest";
	}
	return "";
}

static void print_signer(const struct module_file *module)
{
	char signer[SIGNER_MAX + 1];
	const char *text = signer;

	switch (module_signer_of(module->bytes, module->len, signer)) {
	case MODULE_SIGNER_READ:
		break;
	case MODULE_SIGNER_NONE:
		text = "not signed";
		break;
	case MODULE_SIGNER_UNREADABLE:
		text = "signed, the signer cannot be read";
		break;
	}
	modinfo_text_print_field("signed by", text);
}

static bool print_modinfo(const struct module_file *module)
{
	struct modinfo_text_error error;

	if (modinfo_text_print(module->fd, &error))
		return true;
	return fail_info(module, error.too_many_parameters ?
			 "it has more parameters than the limit" :
			 modinfo_result_text(error.result, error.err));
}

/* What the drop-ins say that this very file fixes, or NULL. It stays in @candidates. */
static const char *find_fixes(const struct module_file *module,
			      struct candidates *candidates)
{
	char path[PATH_MAX], *const files[] = { path, NULL };
	const struct patch_query query = {
		.root = "", .release = module->info.release, .files = files,
	};
	const struct manifest_entry *entry = &candidates->list[0].entry;

	strcpy(path, module->path);
	if (patch_select(&query, candidates) || !candidates->count)
		return NULL;
	if (entry->pinned && memcmp(entry->sha256, module->digest, SHA256_BYTES))
		return NULL;
	return entry->fixes;
}

static void print_fixes_of(const struct module_file *module)
{
	/* Mapped, since it is large and little of it is used. */
	struct candidates *candidates =
		mmap(NULL, sizeof(*candidates), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	const char *fixes;

	if (candidates == MAP_FAILED)
		return;
	fixes = find_fixes(module, candidates);
	if (fixes)
		modinfo_text_print_field("fixes", fixes);
	munmap(candidates, sizeof(*candidates));
}

static bool print_info(const struct module_file *module, const char *argument,
		       const char *release)
{
	enum build build = compare_builds(module);
	char hex[2 * SHA256_BYTES + 1];
	enum booted booted;

	printf("Patch information for %s:\n", argument);
	modinfo_text_print_field("filename", module->path);
	if (!print_modinfo(module))
		return false;
	print_patches(module, build);
	print_fixes_of(module);
	print_loaded(module, build);
	booted = booted_find(release, module->name, module->digest);
	modinfo_text_print_field("baked", booted_text(booted));
	print_signer(module);
	text_to_hex(module->digest, SHA256_BYTES, hex);
	modinfo_text_print_field("sha256", hex);
	if (fflush(stdout))
		return fail_info(module, verdict_errno_text(errno));
	/* The stream's buffer is small, so an earlier write may have failed. */
	return !ferror(stdout) || fail_info(module, "not all of this could be written");
}

static bool read_module(struct module_file *module)
{
	switch (module_file_read(module)) {
	case MODULE_FILE_READ:
		return true;
	case MODULE_FILE_WRONG_MODINFO:
		return fail_info(module, modinfo_result_text(module->modinfo_result,
							      module->err));
	case MODULE_FILE_TOO_LARGE:
		return fail_info(module, "it is larger than the limit");
	case MODULE_FILE_NO_DECOMPRESSOR:
		return fail_info(module, "the program to unpack it is not installed");
	case MODULE_FILE_NOT_UNPACKED:
		return fail_info(module, "it cannot be read or unpacked: it is damaged");
	case MODULE_FILE_NAME_TOO_LONG:
		return fail_info(module, "its module name is too long");
	case MODULE_FILE_ERROR:
		break;
	}
	return fail_info(module, verdict_errno_text(module->err));
}

/* Fills @ret->path for the file whose module calls itself @argument. */
static bool find_by_own_name(const char *argument, const char *release,
			     struct module_file *ret)
{
	char directory[PATH_MAX], path[PATH_MAX], file[NAME_MAX + 1];

	if (file_path(directory, "", PATCH_STORE "/%s", release) ||
	    !own_name_find_file(directory, argument, file))
		return false;
	return !file_path(path, directory, "/%s", file) &&
	       module_file_find(path, release, ret);
}

static int print_file(struct module_file *module, const char *argument,
		      const char *release)
{
	bool ok = read_module(module) && print_info(module, argument, release);

	file_close(&module->fd);
	return ok ? EXIT_OK : EXIT_NOT_APPLIED;
}

/* Without a file there is no digest, so what a manifest says of the name is no matter. */
static const char *booted_text_without_file(const char *release, const char *name)
{
	static const unsigned char none[SHA256_BYTES];
	enum booted booted = booted_find(release, name, none);

	switch (booted) {
	case BOOTED_YES:
	case BOOTED_NAME:
	case BOOTED_OTHER:
		return "yes, by its name";
	case BOOTED_NO:
	case BOOTED_NO_STATUS:
	case BOOTED_DISABLED:
	case BOOTED_INVALID:
		break;
	}
	return booted_text(booted);
}

static int end_info(const char *argument)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_OK;
	fprintf(stderr, "kpatch-early: info: %s: not all of this could be written\n",
		argument);
	return EXIT_NOT_APPLIED;
}

/* Of a patch that is in the kernel and not in the store, as after kpatch uninstall. */
static int print_kernel_patch(const char *name, const char *argument, const char *release)
{
	enum livepatch_state state = livepatch_state("", name);

	printf("Patch information for %s:\n", argument);
	modinfo_text_print_field("filename", "none: the store has no such patch for the "
				 "running kernel; this is what the kernel knows");
	loaded_patch_print_module(name);
	if (!loaded_patch_print_objects(name))
		modinfo_text_print_field("patches", "(no longer told by the kernel)");
	print_state(state, "");
	modinfo_text_print_field("baked", booted_text_without_file(release, name));
	return end_info(argument);
}

static int say_not_found(const char *argument, const char *release)
{
	if (strchr(argument, '/') && !access(argument, F_OK)) {
		fprintf(stderr, "kpatch-early: info: %s: it is no patch, overlay or "
			"addon, or it is damaged\n", argument);
		return EXIT_NOT_APPLIED;
	}
	fprintf(stderr, "kpatch-early: info: can't find %s; a patch that is installed "
		"for another kernel than %s is found by its file's path\n", argument,
		release);
	return EXIT_NOT_APPLIED;
}

int info_verb(int argc, char **argv)
{
	static const struct option options[] = { { 0 } };
	struct module_file module;
	struct utsname kernel;
	char name[NAME_MAX + 1];
	const char *argument;

	if (usage_next_option(argc, argv, "", options) != -1 || optind != argc - 1)
		return verbs_bad_usage();
	argument = argv[optind];
	uname(&kernel);
	if (module_file_find(argument, kernel.release, &module) ||
	    find_by_own_name(argument, kernel.release, &module))
		return print_file(&module, argument, kernel.release);
	if (archive_info_print(argument))
		return end_info(argument);
	if (!strchr(argument, '/') && *argument &&
	    !module_name_of_file(argument, name, sizeof(name)) &&
	    loaded_patch_is_there(name))
		return print_kernel_patch(name, argument, kernel.release);
	return say_not_found(argument, kernel.release);
}
