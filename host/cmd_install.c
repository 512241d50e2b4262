// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The install and uninstall verbs: change the patch store, which is kpatch's too, with
 * kpatch's words. A file appears there whole or not at all; a lock on the store keeps our
 * own runs apart.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/dir_list.h"
#include "common/file.h"
#include "common/input/manifest.h"
#include "common/module/livepatch.h"
#include "common/module/modinfo.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/text.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "host/commands.h"
#include "host/kpatch_service.h"
#include "host/patch_select.h"
#include "host/sentence.h"
#include "host/subprocess.h"

#define REBUILD "/usr/lib/kpatch-early/rebuild"
/* each is lost to an uninstall that removed the directory */
#define LOCK_TRIES 1000

struct store_request {
	const char *verb;
	struct utsname kernel;
	const char *release;		/* the kernel to install for */
	char directory[PATH_MAX];	/* of that release in the store */
	bool rebuild;
};

/* Why a FILE is not installed, or a NAME is not uninstalled. */
enum store_refusal {
	STORE_ACCEPTED,
	STORE_FILE_MISSING,
	STORE_FILE_REFUSED,		/* reason */
	STORE_NOT_KO,
	STORE_NOT_LOCKED,		/* reason */
	STORE_NOT_WRITTEN,		/* path, reason */
	STORE_NOT_COPIED,		/* reason */
	STORE_NO_LIVE_PATCH,
	STORE_OTHER_RELEASE,		/* reason: its release */
	STORE_NAME_TOO_LONG,
	STORE_NAME_TAKEN,		/* path */
	STORE_NAME_HAS_PATH,
	STORE_NOT_LOCKED_TO_REMOVE,	/* reason */
	STORE_NOT_INSTALLED,
	STORE_NOT_REMOVED,		/* path, reason */
};

/* %0: FILE or NAME. %1: reason. %2: path. %3: kernel release. %4: its directory. */
static const char *const store_sentences[] = {
	[STORE_ACCEPTED] = "",
	[STORE_FILE_MISSING] = "%0 doesn't exist",
	[STORE_FILE_REFUSED] = "%0: %1; it is not installed",
	[STORE_NOT_KO] = "%0 isn't a .ko file",
	[STORE_NOT_LOCKED] = "%0: " PATCH_STORE ": %1; it is not installed",
	[STORE_NOT_WRITTEN] = "%0: %2: %1; it is not installed",
	[STORE_NOT_COPIED] = "%0: it cannot be copied to %4: %1; it is not installed",
	[STORE_NO_LIVE_PATCH] = "%0 is not a live patch (no livepatch=Y); it is not "
				"installed",
	[STORE_OTHER_RELEASE] = "invalid module version %1 for kernel %3: %0 is not "
				"installed",
	[STORE_NAME_TOO_LONG] = "%0: its module name is too long; it is not installed",
	[STORE_NAME_TAKEN] = "%0 is already installed, as %2; uninstall that first",
	[STORE_NAME_HAS_PATH] = "please supply patch module name without path: %0",
	[STORE_NOT_LOCKED_TO_REMOVE] = "%0: " PATCH_STORE ": %1; it stays installed",
	[STORE_NOT_INSTALLED] = "%0 is not installed for kernel %3",
	[STORE_NOT_REMOVED] = "%2: %1; it stays installed",
};

/* One FILE or NAME of the command line, and what becomes of it. */
struct store_item {
	const struct store_request *request;
	const char *argument;
	enum store_refusal refusal;
	const char *reason;		/* static text, or .release */
	char release[RELEASE_MAX + 1];	/* that the module is for */
	char path[PATH_MAX];		/* in the store: its own, or of what bars it */
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

static void say_store_refusal(const struct store_item *item)
{
	const struct store_request *request = item->request;
	const char *const words[] = {
		item->argument, item->reason, item->path, request->release,
		request->directory,
	};
	char sentence[2 * PATH_MAX + 256];

	sentence_fill(store_sentences[item->refusal], words, sentence, sizeof(sentence));
	say_store(request->verb, "%s", sentence);
}

/* Always false. */
static bool refuse_item(struct store_item *item, enum store_refusal refusal,
			const char *reason)
{
	item->refusal = refusal;
	item->reason = reason;
	return false;
}

/* Returns a descriptor that holds the lock, or -errno. With @make, makes the store. */
static int lock_store(bool make)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		int err = make ? file_make_parents(PATCH_STORE "/") : 0;
		struct stat locked, there;

		if (err)
			return err;
		CLOSE_FD fd = open(PATCH_STORE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT && make)
			continue;
		if (fd < 0 || flock(fd, LOCK_EX) || fstat(fd, &locked))
			return -errno;
		if (!stat(PATCH_STORE, &there) && there.st_ino == locked.st_ino &&
		    there.st_dev == locked.st_dev)
			return fcntl(fd, F_DUPFD_CLOEXEC, 3);
	}
	return -EBUSY;
}

/*
 * kpatch removes these directories too: "kpatch list" shows no kernel without patches
 * then. With the store locked, what is half-made was left by a run that was killed.
 */
static void remove_empty_directories(const char *directory)
{
	static struct dir_list names;
	char path[PATH_MAX];

	dir_list_clear(&names);
	if (dir_list_add(&names, directory, ".ko.tmp"))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (!file_path(path, directory, "/%s", names.name[i]))
			unlink(path);
	rmdir(directory);
	rmdir(PATCH_STORE);
}

/* Whether @file of @directory loads as the module @name. Its path goes to @ret. */
static bool loads_as(const char *directory, const char *file, const char *name, char *ret)
{
	char other[FILE_NAME_MAX + 1];

	return module_name_is_file(file) && !file_path(ret, directory, "/%s", file) &&
	       !modinfo_module_name(ret, other) && !strcmp(other, name);
}

/* Refuses the item if a file of the store has the module name @name already. */
static bool check_name_is_free(struct store_item *item, const char *name)
{
	static struct dir_list names;
	const char *directory = item->request->directory;
	char path[PATH_MAX];
	int err;

	dir_list_clear(&names);
	err = dir_list_add(&names, directory, "");
	if (err) {
		strcpy(item->path, directory);
		return refuse_item(item, STORE_NOT_WRITTEN, verdict_errno_text(err));
	}
	for (size_t i = 0; i < names.count; i++) {
		if (!loads_as(directory, names.name[i], name, path))
			continue;
		strcpy(item->path, path);
		return refuse_item(item, STORE_NAME_TAKEN, NULL);
	}
	return true;
}

/* Checks the copy @fd, which is to get the file name @base. */
static bool check_copy(struct store_item *item, int fd, const char *base)
{
	char name[FILE_NAME_MAX + 1];
	struct modinfo info;
	int err = modinfo_read(fd, &info);

	if (err)
		return refuse_item(item, STORE_FILE_REFUSED, verdict_errno_text(err));
	if (!info.livepatch)
		return refuse_item(item, STORE_NO_LIVE_PATCH, NULL);
	if (strcmp(info.release, item->request->release)) {
		strcpy(item->release, info.release[0] ? info.release : "(none)");
		return refuse_item(item, STORE_OTHER_RELEASE, item->release);
	}
	if (module_name_of_file(info.name[0] ? info.name : base, name, sizeof(name)))
		return refuse_item(item, STORE_NAME_TOO_LONG, NULL);
	return check_name_is_free(item, name);
}

/* Makes @fd, a new file, the checked copy of @source. */
static bool copy_and_check(struct store_item *item, int source, int fd, const char *base)
{
	int err = subprocess_decompress(source, item->path, fd);

	if (err)
		return refuse_item(item, STORE_NOT_COPIED, verdict_errno_text(err));
	return check_copy(item, fd, base);
}

/* With the store locked. */
static bool copy_into_store(struct store_item *item, int source, const char *base)
{
	const struct store_request *request = item->request;
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = file_path(path, request->directory, "/%s", base);

	if (!err)
		err = file_make_parents(path);
	CLOSE_FD fd = err ? err : file_create_beside(path, temporary);
	strcpy(item->path, path);
	if (fd < 0)
		return refuse_item(item, STORE_NOT_WRITTEN, verdict_errno_text(fd));
	if (!copy_and_check(item, source, fd, base)) {
		unlink(temporary);
		return false;
	}
	printf("installing %s (%s)\n", item->argument, request->release);
	err = file_commit(fd, temporary, path);
	return !err || refuse_item(item, STORE_NOT_WRITTEN, verdict_errno_text(err));
}

/* Checks the FILE before anything of the store is touched. */
static bool check_file(struct store_item *item, int source, const char *base)
{
	const char *reason = manifest_check_file_name(base);
	struct stat st;

	if (source == -ENOENT)
		return refuse_item(item, STORE_FILE_MISSING, NULL);
	if (source < 0)
		return refuse_item(item, STORE_FILE_REFUSED, verdict_errno_text(source));
	if (fstat(source, &st))
		return refuse_item(item, STORE_FILE_REFUSED, verdict_errno_text(errno));
	if (!text_ends_with(base, ".ko") || !S_ISREG(st.st_mode))
		return refuse_item(item, STORE_NOT_KO, NULL);
	return !reason || refuse_item(item, STORE_FILE_REFUSED, reason);
}

/* False if the item is refused, and says so in the item. */
static bool install_item(struct store_item *item)
{
	const char *slash = strrchr(item->argument, '/');
	const char *base = slash ? slash + 1 : item->argument;
	CLOSE_FD source = file_open(item->argument);
	bool ok;

	if (!check_file(item, source, base))
		return false;
	CLOSE_FD lock = lock_store(true);
	if (lock < 0)
		return refuse_item(item, STORE_NOT_LOCKED, verdict_errno_text(lock));
	ok = copy_into_store(item, source, base);
	if (!ok)
		remove_empty_directories(item->request->directory);
	return ok;
}

/* Whether @file, compressed or not, is named like the module @name. */
static bool is_named_like(const char *file, const char *name)
{
	char uncompressed[NAME_MAX + 1], found[NAME_MAX + 1];

	snprintf(uncompressed, sizeof(uncompressed), "%.*s",
		 (int)module_name_uncompressed_length(file), file);
	return module_name_is_file(file) &&
	       !module_name_of_file(uncompressed, found, sizeof(found)) &&
	       !strcmp(found, name);
}

/*
 * Finds a NAME as a file of the store, to item->path. The exact name goes first, then the
 * same with '-' or '_', with or without .ko.
 */
static bool find_installed(struct store_item *item)
{
	static struct dir_list names;
	const char *name = item->argument, *directory = item->request->directory;
	char like[NAME_MAX + 1];

	if (module_name_is_file(name) && !file_path(item->path, directory, "/%s", name) &&
	    !access(item->path, F_OK))
		return true;
	dir_list_clear(&names);
	if (module_name_of_file(name, like, sizeof(like)) ||
	    dir_list_add(&names, directory, ""))
		return false;
	for (size_t i = 0; i < names.count; i++)
		if (is_named_like(names.name[i], like))
			return !file_path(item->path, directory, "/%s", names.name[i]);
	return false;
}

/* Whether @module, empty if its name is not known, is in the kernel that runs. */
static bool stays_loaded(const struct store_request *request, const char *module)
{
	return *module && !strcmp(request->release, request->kernel.release) &&
	       livepatch_state("", module) != LIVEPATCH_ABSENT;
}

/* As install_item. */
static bool uninstall_item(struct store_item *item)
{
	const struct store_request *request = item->request;
	char module[NAME_MAX + 1];

	if (strchr(item->argument, '/'))
		return refuse_item(item, STORE_NAME_HAS_PATH, NULL);
	CLOSE_FD lock = lock_store(false);
	if (lock < 0 && lock != -ENOENT)
		return refuse_item(item, STORE_NOT_LOCKED_TO_REMOVE,
				   verdict_errno_text(lock));
	if (lock < 0 || !find_installed(item))
		return refuse_item(item, STORE_NOT_INSTALLED, NULL);
	if (modinfo_module_name(item->path, module))
		*module = '\0';
	printf("uninstalling %s (%s)\n", item->argument, request->release);
	if (unlink(item->path))
		return refuse_item(item, STORE_NOT_REMOVED, strerror(errno));
	file_sync_folder(item->path);
	remove_empty_directories(request->directory);
	if (stays_loaded(request, module))
		say_store(request->verb, "the running kernel stays patched by %s until "
			  "the next boot", module);
	return true;
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
	    !kpatch_service_enable())
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
	if (!subprocess_run(command))
		return EXIT_OK;
	say_store(request->verb, "the store is changed, but the initramfs for %s is not "
		  "rebuilt", request->release);
	return EXIT_NOT_APPLIED;
}

static bool parse_store_options(int argc, char **argv, struct store_request *ret)
{
	static const struct option options[] = {
		{ "kernel-version", required_argument, NULL, 'k' },
		{ "rebuild", no_argument, NULL, 'r' },
		{ 0 },
	};
	int option;

	ret->verb = argv[0];
	ret->rebuild = false;
	uname(&ret->kernel);
	ret->release = ret->kernel.release;
	while ((option = getopt_long(argc, argv, "k:", options, NULL)) != -1) {
		if (option == '?')
			return false;
		if (option == 'k')
			ret->release = optarg;
		else
			ret->rebuild = true;
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

/* Does @act to each name on the command line. Returns an exit status. */
static int change_store(int argc, char **argv, bool (*act)(struct store_item *item))
{
	struct store_request request;
	int changed = 0, items, ret = EXIT_OK;

	if (!parse_store_options(argc, argv, &request) ||
	    !complete_request(&request, argc - optind))
		return verbs_bad_usage();
	items = argc - optind;
	for (int i = optind; i < argc; i++) {
		struct store_item item = { .request = &request, .argument = argv[i] };

		if (act(&item))
			changed++;
		else
			say_store_refusal(&item);
	}
	if (changed && act == install_item)
		enable_service(request.verb);
	if (changed)
		ret = follow_up(&request);
	if (fflush(stdout) || ferror(stdout) || changed < items)
		return EXIT_NOT_APPLIED;
	return ret;
}

int install_verb(int argc, char **argv)
{
	return change_store(argc, argv, install_item);
}

int uninstall_verb(int argc, char **argv)
{
	return change_store(argc, argv, uninstall_item);
}
