// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The install and uninstall verbs: the patch store, which is kpatch's too, with kpatch's words.
 * A lock on the store keeps our own runs apart; a file appears whole or not at all for anybody.
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
#include "host/subprocess.h"

#define REBUILD "/usr/lib/kpatch-early/rebuild"
#define LOCK_TRIES 1000		/* each is lost to an uninstall that removed the folder */

static struct {
	const char *verb;
	struct utsname kernel;
	const char *release;		/* the kernel to install for */
	char folder[PATH_MAX];		/* its folder in the store */
	bool rebuild;
	bool changed;
	bool refused;
} job;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One write a sentence: several runs may share a terminal or a log. */
static void say(const char *format, ...)
{
	char sentence[2 * PATH_MAX + 256], line[sizeof(sentence) + 64];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	snprintf(line, sizeof(line), "kpatch-early: %s: %s\n", job.verb, sentence);
	fflush(stdout);
	fputs(line, stderr);
}

/* Always false. */
#define refuse(...) (say(__VA_ARGS__), job.refused = true, false)

/* Returns a descriptor that holds the lock, or -errno. Makes the store if @make says so. */
static int lock_store(bool make)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		int err = make ? file_make_parents(PATCH_STORE "/") : 0;
		CLOSE_FD fd = err ? err : open(PATCH_STORE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct stat locked, there;

		if (err)
			return err;
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
 * kpatch removes them too: "kpatch list" shows no kernel without patches then. With the store
 * locked, what is half-made was left by a run that was killed.
 */
static void remove_empty_folders(void)
{
	static struct dir_list names;
	char path[PATH_MAX];

	dir_list_clear(&names);
	if (dir_list_add(&names, job.folder, ".ko.tmp"))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (!file_path(path, job.folder, "/%s", names.name[i]))
			unlink(path);
	rmdir(job.folder);
	rmdir(PATCH_STORE);
}

/* Says which file of the store has the module name @name, if one has. */
static bool is_name_free(const char *file, const char *name)
{
	static struct dir_list names;
	int err;

	dir_list_clear(&names);
	err = dir_list_add(&names, job.folder, "");
	if (err)
		return refuse("%s: %s: %s; it is not installed", file, job.folder, verdict_errno_text(err));
	for (size_t i = 0; i < names.count; i++) {
		char path[PATH_MAX], other[FILE_NAME_MAX + 1];

		if (!module_name_is_file(names.name[i]) ||
		    file_path(path, job.folder, "/%s", names.name[i]) || modinfo_module_name(path, other) || strcmp(other, name))
			continue;
		return refuse("%s is already installed, as %s; uninstall that first", file, path);
	}
	return true;
}

static bool check_copy(int fd, const char *file, const char *base)
{
	char name[FILE_NAME_MAX + 1];
	struct modinfo info;
	int err = modinfo_read(fd, &info);

	if (err)
		return refuse("%s: %s; it is not installed", file, verdict_errno_text(err));
	if (!info.livepatch)
		return refuse("%s is not a live patch (no livepatch=Y); it is not installed", file);
	if (strcmp(info.release, job.release))
		return refuse("invalid module version %s for kernel %s: %s is not installed",
			      info.release[0] ? info.release : "(none)", job.release, file);
	if (module_name_of_file(info.name[0] ? info.name : base, name, sizeof(name)))
		return refuse("%s: its module name is too long; it is not installed", file);
	return is_name_free(file, name);
}

/* Makes @fd, a new file at @temporary, the checked copy of @source, and gives it its name. */
static bool fill(int source, int fd, const char *temporary, const char *file, const char *path)
{
	int err = subprocess_decompress(source, path, fd);

	if (err) {
		unlink(temporary);
		return refuse("%s: it cannot be copied to %s: %s; it is not installed", file, job.folder,
			      verdict_errno_text(err));
	}
	if (!check_copy(fd, file, strrchr(path, '/') + 1)) {
		unlink(temporary);
		return false;
	}
	printf("installing %s (%s)\n", file, job.release);
	err = file_commit(fd, temporary, path);
	return err ? refuse("%s: %s: %s; it is not installed", file, path, verdict_errno_text(err)) : true;
}

/* With the store locked. */
static bool copy_into_store(int source, const char *file, const char *base)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = file_path(path, job.folder, "/%s", base);

	if (!err)
		err = file_make_parents(path);
	CLOSE_FD fd = err ? err : file_create_beside(path, temporary);
	if (fd < 0)
		return refuse("%s: %s: %s; it is not installed", file, path, verdict_errno_text(fd));
	return fill(source, fd, temporary, file, path);
}

static bool install(const char *file)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	const char *reason = manifest_check_file_name(base);
	CLOSE_FD source = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	bool ok;

	if (source < 0 && errno == ENOENT)
		return refuse("%s doesn't exist", file);
	if (source < 0 || fstat(source, &st))
		return refuse("%s: %s; it is not installed", file, verdict_errno_text(errno));
	if (!text_ends_with(base, ".ko") || !S_ISREG(st.st_mode))
		return refuse("%s isn't a .ko file", file);
	if (reason)
		return refuse("%s: %s; it is not installed", file, reason);
	CLOSE_FD lock = lock_store(true);
	if (lock < 0)
		return refuse("%s: " PATCH_STORE ": %s; it is not installed", file,
			      verdict_errno_text(lock));
	ok = copy_into_store(source, file, base);
	if (!ok)
		remove_empty_folders();
	return ok;
}

/* Finds @name as a file of the store: its exact name first, then with '-' or '_', with or without .ko. */
static bool find_installed(const char *name, char *ret_path)
{
	static struct dir_list names;
	char wanted[NAME_MAX + 1], found[NAME_MAX + 1];

	if (module_name_is_file(name) && !file_path(ret_path, job.folder, "/%s", name) &&
	    !access(ret_path, F_OK))
		return true;
	dir_list_clear(&names);
	if (module_name_of_file(name, wanted, sizeof(wanted)) ||
	    dir_list_add(&names, job.folder, ""))
		return false;
	for (size_t i = 0; i < names.count; i++) {
		size_t length = module_name_uncompressed_length(names.name[i]);
		char file[NAME_MAX + 1];

		snprintf(file, sizeof(file), "%.*s", (int)length, names.name[i]);
		if (module_name_is_file(names.name[i]) && !module_name_of_file(file, found, sizeof(found)) && !strcmp(found, wanted))
			return !file_path(ret_path, job.folder, "/%s", names.name[i]);
	}
	return false;
}

static bool uninstall(const char *name)
{
	char path[PATH_MAX], module[NAME_MAX + 1];

	if (strchr(name, '/'))
		return refuse("please supply patch module name without path: %s", name);
	CLOSE_FD lock = lock_store(false);
	if (lock < 0 && lock != -ENOENT)
		return refuse("%s: " PATCH_STORE ": %s; it stays installed", name, verdict_errno_text(lock));
	if (lock < 0 || !find_installed(name, path))
		return refuse("%s is not installed for kernel %s", name, job.release);
	if (modinfo_module_name(path, module))
		*module = '\0';
	printf("uninstalling %s (%s)\n", name, job.release);
	if (unlink(path))
		return refuse("%s: %s; it stays installed", path, strerror(errno));
	file_sync_directory(path);
	remove_empty_folders();
	if (!strcmp(job.release, job.kernel.release) && *module &&
	    livepatch_state("", module) != LIVEPATCH_ABSENT)
		say("the running kernel stays patched by %s until the next boot", module);
	return true;
}

static void settings_notice(unsigned int line, const char *reason)
{
	say(CONF_FILE " line %u: %s", line, reason);
}

/* kpatch's install does it too. Where it is off, bake would leave the new patch out. */
static void enable_service(void)
{
	const char *off;

	if (kpatch_service_state("") == KPATCH_SERVICE_DISABLED && !kpatch_service_enable())
		say("kpatch.service was disabled and is enabled now: the next boot loads each installed "
		    "patch, not this one alone");
	off = patch_select_off_reason("", settings_notice);
	if (off)
		say("%s: as long as that is so, no patch gets into an initramfs", off);
}

/* Returns an exit status. */
static int follow_up(void)
{
	char script[] = REBUILD, release[RELEASE_MAX + 1];
	char *const command[] = { script, release, NULL };

	if (!job.changed)
		return EXIT_OK;
	if (!job.rebuild) {
		say("the next boot knows of it once the initramfs for %s is rebuilt: by itself where "
		    "kpatch-early-rebuild.path is active, else run " REBUILD, job.release);
		return EXIT_OK;
	}
	snprintf(release, sizeof(release), "%s", job.release);
	if (!subprocess_run(command))
		return EXIT_OK;
	say("the store is changed, but the initramfs for %s is not rebuilt", job.release);
	return EXIT_NOT_APPLIED;
}

static bool parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "kernel-version", required_argument, NULL, 'k' },
		{ "rebuild", no_argument, NULL, 'r' },
		{ 0 },
	};
	const char *reason;
	int option;

	job.verb = argv[0];
	uname(&job.kernel);
	job.release = job.kernel.release;
	while ((option = getopt_long(argc, argv, "k:", options, NULL)) != -1) {
		if (option == '?')
			return false;
		if (option == 'k')
			job.release = optarg;
		else
			job.rebuild = true;
	}
	reason = manifest_check_release(job.release);
	if (!reason && file_path(job.folder, "", PATCH_STORE "/%s", job.release))
		reason = "its path is too long";
	if (reason)
		return refuse("-k %s: %s", job.release, reason);
	return optind < argc || refuse("no patch module specified");
}

/* Does @act to each name on the command line. Returns an exit status. */
static int change_store(int argc, char **argv, bool (*act)(const char *name))
{
	int ret;

	if (!parse(argc, argv))
		return verbs_bad_usage();
	for (int i = optind; i < argc; i++)
		job.changed |= act(argv[i]);
	if (job.changed && act == install)
		enable_service();
	ret = follow_up();
	return fflush(stdout) || ferror(stdout) || job.refused ? EXIT_NOT_APPLIED : ret;
}

int install_verb(int argc, char **argv)
{
	return change_store(argc, argv, install);
}

int uninstall_verb(int argc, char **argv)
{
	return change_store(argc, argv, uninstall);
}
