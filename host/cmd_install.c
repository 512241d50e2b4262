// SPDX-License-Identifier: GPL-2.0-or-later
/* The install and uninstall verbs: change the patch store, with kpatch's own words. */
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "common/file.h"
#include "common/input/manifest.h"
#include "common/module/livepatch.h"
#include "common/paths.h"
#include "common/verbs.h"
#include "host/check/gate.h"
#include "host/commands.h"
#include "host/kpatch_service.h"
#include "host/own_name.h"
#include "host/patch_select.h"
#include "host/patch_store.h"
#include "host/sentence.h"
#include "host/subprocess.h"
#include "host/usage.h"

#define REBUILD "/usr/lib/kpatch-early/rebuild"

struct store_request {
	const char *verb;
	struct utsname kernel;
	const char *release;		/* the kernel to install for */
	char directory[PATH_MAX];	/* of that release in the store */
	bool rebuild, no_check;
	struct gate *gate;
};

/* What the two verbs differ in. */
struct store_change {
	bool (*change)(struct store_item *item);
	const char *doing;		/* what kpatch calls it */
};

static const struct store_change install_change = { patch_store_install, "installing" };
static const struct store_change uninstall_change = {
	patch_store_uninstall, "uninstalling"
};

/* %0: FILE or NAME. %1: reason. %2: path. %3: kernel release. %4: its directory. */
static const char *const store_sentences[] = {
	[STORE_ACCEPTED] = "",
	[STORE_FILE_MISSING] = "%0 doesn't exist",
	[STORE_FILE_REFUSED] = "%0: %1; it is not installed",
	[STORE_NOT_KO] = "%0 isn't a .ko file",
	[STORE_NOT_WRITTEN] = "%0: %2: %1; it is not installed",
	[STORE_NOT_COPIED] = "%0: it cannot be copied to %4: %1; it is not installed",
	[STORE_NO_LIVE_PATCH] =
		("%0 is not a live patch (neither livepatch=Y nor depends=kpatch); "
		 "it is not installed"),
	[STORE_OTHER_RELEASE] =
		"invalid module version %1 for kernel %3: %0 is not installed",
	[STORE_NAME_TOO_LONG] = "%0: its module name is too long; it is not installed",
	[STORE_NAME_TAKEN] = "%0 is already installed, as %2; uninstall that first",
	[STORE_CHECK] = "%0: check refuses it, %1; it is not installed",
	[STORE_SAME_FILE] = "%0 is already installed, as %2: the very same file",
	[STORE_NAME_HAS_PATH] = "please supply patch module name without path: %0",
	[STORE_GONE] = "%0: %2 is gone at each try to lock it; nothing is changed",
	[STORE_NOT_CHANGED] = "%0: %2: %1; it stays installed",
	[STORE_NOT_INSTALLED] = "%0 is not installed for kernel %3",
	[STORE_OTHER_KERNELS] =
		"%0 is not installed for kernel %3, but for %1: uninstall -k",
	[STORE_NOT_REMOVED] = "%2: %1; it stays installed",
};

static void say_store(const char *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Each sentence is one write, since several runs may share a terminal or a log. */
static void say_store(const char *verb, const char *format, ...)
{
	char sentence[2 * PATH_MAX + 256], line[sizeof(sentence) + 64];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	snprintf(line, sizeof(line), "kpatch-early: %s: %s\n", verb, sentence);
	fflush(stdout);
	fputs(line, stderr);
}

static void say_store_refusal(const char *verb, const struct store_item *item)
{
	const char *const words[] = {
		item->argument, item->reason, item->path, item->release, item->directory,
	};
	char sentence[2 * PATH_MAX + 256];

	sentence_fill(store_sentences[item->refusal], words, sentence, sizeof(sentence));
	say_store(verb, "%s", sentence);
}

/* Whether @module, empty if its name is not known, is in the kernel that runs. */
static bool stays_loaded(const struct store_request *request, const char *module)
{
	return *module && !strcmp(request->release, request->kernel.release) &&
	       livepatch_state("", module) != LIVEPATCH_ABSENT;
}

/* The callback of settings.h has no context. Only install reads the settings here. */
static void say_wrong_setting_to_install(unsigned int line, const char *reason)
{
	say_store("install", CONF_FILE " line %u: %s", line, reason);
}

/* kpatch's install does this too: with the unit off, bake would leave the patch out. */
static void enable_service(const char *verb)
{
	const char *off_reason;

	if (kpatch_service_state("") == KPATCH_SERVICE_DISABLED &&
	    kpatch_service_enable())
		say_store(verb, "kpatch.service was disabled and is enabled now: the "
			  "next boot loads each installed patch, not this one alone");
	off_reason = patch_select_off_reason("", say_wrong_setting_to_install);
	if (off_reason)
		say_store(verb, "%s: as long as that is so, no patch gets into an "
			  "initramfs", off_reason);
}

/* Rebuilds the initramfs, or says how it will be. Returns an exit status. */
static int follow_up(const struct store_request *request)
{
	char script[] = REBUILD, release[RELEASE_MAX + 1];
	char *const command[] = { script, release, NULL };

	if (!request->rebuild) {
		say_store(request->verb, "the next boot knows of it once the initramfs "
			  "for %s is rebuilt: by itself where kpatch-early-rebuild.path "
			  "is active, else run " REBUILD, request->release);
		return EXIT_OK;
	}
	snprintf(release, sizeof(release), "%s", request->release);
	if (subprocess_run(command) == SUBPROCESS_OK)
		return EXIT_OK;
	say_store(request->verb, "the store is changed, but the initramfs for %s is not "
		  "rebuilt", request->release);
	return EXIT_NOT_APPLIED;
}

static bool parse_store_options(int argc, char **argv, const struct store_change *how,
				struct store_request *ret)
{
	static const struct option options[] = {
		{ "no-check", no_argument, NULL, 'n' },	/* of install alone */
		{ "kernel-version", required_argument, NULL, 'k' },
		{ "rebuild", no_argument, NULL, 'r' },
		{ 0 },
	};
	const struct option *own = how == &install_change ? options : options + 1;
	int option;

	ret->verb = argv[0];
	ret->rebuild = ret->no_check = false;
	uname(&ret->kernel);
	ret->release = ret->kernel.release;
	while ((option = usage_next_option(argc, argv, "k:", own)) != -1) {
		switch (option) {
		case 'k': ret->release = optarg; break;
		case 'r': ret->rebuild = true; break;
		case 'n': ret->no_check = true; break;
		default: return false;
		}
	}
	return true;
}

/* False, with a message, if the request names no kernel that can be, or nothing to do. */
static bool complete_request(struct store_request *request, int items)
{
	const char *reason = manifest_check_release(request->release);

	if (!reason &&
	    file_path(request->directory, "", PATCH_STORE "/%s", request->release))
		reason = "its path is too long";
	if (reason) {
		say_store(request->verb, "-k %s: %s", request->release, reason);
		return false;
	}
	if (!items)
		say_store(request->verb, "no patch module specified");
	return items;
}

/* A NAME may be a file's, or else a module's own. */
static bool change_named(const struct store_change *how, struct store_item *item)
{
	const char *argument = item->argument;
	char file[NAME_MAX + 1];
	bool changed;

	if (how == &uninstall_change &&
	    own_name_find_file(item->directory, argument, file))
		item->argument = file;
	changed = how->change(item);
	item->argument = argument;
	return changed;
}

/* What came of one FILE or NAME. */
enum store_result { STORE_REFUSED, STORE_CHANGED, STORE_UNCHANGED };

static enum store_result change_by_item(const struct store_request *request,
			   const struct store_change *how, const char *argument)
{
	struct store_item item = {
		.argument = argument, .release = request->release,
		.directory = request->directory, .gate = request->gate,
	};
	bool changed = change_named(how, &item);

	if (item.begun)
		printf("%s %s (%s)\n", how->doing, argument, request->release);
	if (item.warning)
		say_store(request->verb, "%s: check refuses it, %s; it is installed all "
			  "the same", argument, item.warning);
	if (!changed)
		say_store_refusal(request->verb, &item);
	else if (stays_loaded(request, item.module))
		say_store(request->verb, "the running kernel stays patched by %s until "
			  "the next boot", item.module);
	if (item.refusal == STORE_SAME_FILE)
		return STORE_UNCHANGED;
	return changed ? STORE_CHANGED : STORE_REFUSED;
}

/* Returns how many came to which result in @count, of STORE_UNCHANGED + 1. */
static void change_by_items(const struct store_request *request,
			    const struct store_change *how, char *const *items,
			    int *count)
{
	struct gate *gate = request->gate;

	gate_open(gate, &(struct gate_query){ gate_mode("", request->no_check), "",
					      request->release, NULL });
	for (; *items; items++)
		count[change_by_item(request, how, *items)]++;
	if (*gate->not_checked)
		say_store(request->verb, "%s; whether that kernel would load the patch "
			  "is not checked", gate->not_checked);
	gate_close(gate);
}

/* Changes the store by each argument of the command line. Returns an exit status. */
static int change_store(int argc, char **argv, const struct store_change *how)
{
	struct gate gate;
	struct store_request request = { .gate = &gate };
	int count[STORE_UNCHANGED + 1] = { 0 }, ret = EXIT_OK;

	if (!parse_store_options(argc, argv, how, &request) ||
	    !complete_request(&request, argc - optind))
		return verbs_bad_usage();
	change_by_items(&request, how, argv + optind, count);
	if (count[STORE_CHANGED] && how == &install_change)
		enable_service(request.verb);
	if (count[STORE_CHANGED] || (count[STORE_UNCHANGED] && request.rebuild))
		ret = follow_up(&request);
	if (fflush(stdout) || ferror(stdout) || count[STORE_REFUSED])
		return EXIT_NOT_APPLIED;
	return ret;
}

int install_verb(int argc, char **argv)
{
	return change_store(argc, argv, &install_change);
}

int uninstall_verb(int argc, char **argv)
{
	return change_store(argc, argv, &uninstall_change);
}
