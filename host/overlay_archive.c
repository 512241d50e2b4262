// SPDX-License-Identifier: GPL-2.0-or-later
/* The early program comes first: of an archive that is cut off, it is lost last. */
#include "host/overlay_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/input/manifest.h"
#include "common/module/core_module.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/text.h"
#include "host/cpio.h"
#include "host/elf_machine.h"
#include "host/root_path.h"

/* dracut's hooks and systemd's unit, each with a NUL behind it. */
__asm__(".pushsection .rodata\n"
	"overlay_apply:\n"
	".incbin \"dracut-module/50kpatch-early/kpatch-early.sh\"\n"
	".byte 0\n"
	"overlay_rollback:\n"
	".incbin \"dracut-module/50kpatch-early/kpatch-early-rollback.sh\"\n"
	".byte 0\n"
	"overlay_unit:\n"
	".incbin \"dracut-module/50kpatch-early/kpatch-early.service\"\n"
	".byte 0\n"
	".popsection");
extern const char overlay_apply[], overlay_rollback[], overlay_unit[];

struct overlay_writer {
	const struct overlay_content *content;
	char release[RELEASE_MAX + 1];	/* whose modules were added last */
	struct overlay_error *error;
	struct cpio cpio;
};

/* Always false. */
static bool fail_archive(struct overlay_writer *writer, const char *path,
			 enum overlay_problem problem)
{
	writer->error->problem = problem;
	snprintf(writer->error->path, PATH_MAX, "%s", path);
	return false;
}

/* The same, for @err. */
static bool fail_archive_for_errno(struct overlay_writer *writer, const char *path,
				   int err)
{
	writer->error->err = err;
	return fail_archive(writer, path, OVERLAY_ERROR);
}

/* Adds the file @from as @path, without the slash in front. */
static bool add_file(struct overlay_writer *writer, const char *from, const char *path,
		     unsigned int mode)
{
	CLOSE_FD fd = open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail_archive_for_errno(writer, from, -errno);
	cpio_add_directories(&writer->cpio, path);
	switch (cpio_add_file(&writer->cpio, path, mode, fd)) {
	case CPIO_ADDED:
		return true;
	case CPIO_TOO_LARGE:
		return fail_archive(writer, from, OVERLAY_FILE_TOO_LARGE);
	case CPIO_CHANGED:
		return fail_archive(writer, from, OVERLAY_FILE_CHANGED);
	case CPIO_NOT_READ:
		break;
	}
	return fail_archive_for_errno(writer, from, -errno);
}

/* Adds the tree's file @path under the absolute path @as. */
static bool add_from_tree(struct overlay_writer *writer, const char *path, const char *as)
{
	char from[PATH_MAX];
	int err = file_path(from, writer->content->tree, "%s", path);

	if (err)
		return fail_archive_for_errno(writer, path, err);
	return add_file(writer, from, as + 1, 0644);
}

/* Adds the signature too, which is of the bytes, and so good under either name. */
static bool add_manifest(struct overlay_writer *writer, const char *as,
			 const char *signature_as)
{
	if (!add_from_tree(writer, MANIFEST_FILE, as))
		return false;
	return !writer->content->has_signature ||
	       add_from_tree(writer, SIGNATURE_FILE, signature_as);
}

/*
 * Adds the kernel module that the boot guard needs, unless it is built in. It can't go to
 * lib/modules, since the base's list of modules there would not name it.
 */
static bool add_guard_module(struct overlay_writer *writer, const char *release)
{
	const char *root = writer->content->root;
	char stem[PATH_MAX], from[PATH_MAX], path[PATH_MAX];
	int err;

	if (root_path(stem, root, "/lib/modules/%s/kernel/fs/efivarfs/efivarfs",
		      release) ||
	    !module_name_find_file(stem, from))
		return true;
	err = file_path(path, HELPERS_DIR, "/%s%s", release, strrchr(from, '/'));
	/* The file itself may be a link, too. */
	if (!err)
		err = root_path(from, root, "%s", strcpy(stem, from) + strlen(root));
	if (err)
		return fail_archive_for_errno(writer, from, err);
	return add_file(writer, from, path + 1, 0644);
}

/* False if the tree's file @path is for another machine than the early program. */
static bool check_machine(struct overlay_writer *writer, const char *path,
			  const char *name)
{
	struct overlay_error *error = writer->error;
	char from[PATH_MAX];
	int err = file_path(from, writer->content->tree, "%s", path);

	if (err)
		return fail_archive_for_errno(writer, name, err);
	error->machine = elf_machine_of(from);
	return error->machine == error->program_machine ||
	       fail_archive(writer, name, OVERLAY_OTHER_MACHINE);
}

/* Adds kpatch's core module, if the tree has it. */
static bool add_core_module(struct overlay_writer *writer, const char *release)
{
	char path[PATH_MAX];

	return core_module_place(CORE_MODULE_BAKED, "", release, path) ||
	       !file_is_there(writer->content->tree, "%s", path) ||
	       add_from_tree(writer, path, path);
}

/* Adds what patches for @release and the boot guard need, once for each release. */
static bool add_modules(struct overlay_writer *writer, const char *release)
{
	if (!strcmp(release, writer->release))
		return true;
	snprintf(writer->release, sizeof(writer->release), "%s", release);
	return add_guard_module(writer, release) && add_core_module(writer, release);
}

static bool add_patch(const struct manifest_entry *entry, void *data)
{
	struct overlay_writer *writer = data;
	char path[PATH_MAX];
	int err = file_path(path, PATCHES_DIR, "/%s/%s", entry->release, entry->file);

	if (err)
		return fail_archive_for_errno(writer, entry->file, err);
	/* A required patch that could not be baked has a line alone. */
	if (entry->required && !file_is_there(writer->content->tree, "%s", path))
		return true;
	return check_machine(writer, path, entry->file) &&
	       add_modules(writer, entry->release) && add_from_tree(writer, path, path);
}

/* Adds the patches that the manifest names, in its order. */
static bool add_patches(struct overlay_writer *writer)
{
	const struct overlay_content *content = writer->content;
	const struct manifest_reader reader = { MANIFEST_BAKED, add_patch, writer };
	struct manifest_error error;

	switch (manifest_parse(content->manifest, content->manifest_len, &reader,
			       &error)) {
	case MANIFEST_OK:
		return true;
	case MANIFEST_STOPPED:	/* by a failure, which is in writer->error */
		return false;
	case MANIFEST_WRONG_LINE:
		break;
	}
	return fail_archive(writer, MANIFEST_FILE, OVERLAY_WRONG_MANIFEST);
}

static void add_hook(struct overlay_writer *writer, const char *top, const char *name,
		     const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/lib/dracut/hooks/%s.sh", top, name);
	cpio_add_directories(&writer->cpio, path);
	cpio_add_text(&writer->cpio, path, 0755, text);
}

static void add_hooks(struct overlay_writer *writer, const char *top)
{
	add_hook(writer, top, "pre-udev/00-kpatch-early", overlay_apply);
	add_hook(writer, top, "initqueue/timeout/99-kpatch-early-rollback",
		 overlay_rollback);
	add_hook(writer, top, "emergency/00-kpatch-early-rollback", overlay_rollback);
	add_hook(writer, top, "shutdown-emergency/00-kpatch-early-rollback",
		 overlay_rollback);
}

static void add_unit_file(struct overlay_writer *writer, const char *name,
			  const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "usr/lib/systemd/system/%s", name);
	cpio_add_directories(&writer->cpio, path);
	cpio_add_text(&writer->cpio, path, 0644, text);
}

/*
 * A base of systemd's without dracut has no hooks. In one of dracut's the unit comes
 * first, and the hook finds this boot's status. A link would be usual for what the target
 * wants, but a drop-in needs none.
 */
static void add_unit(struct overlay_writer *writer)
{
	add_unit_file(writer, "kpatch-early.service", overlay_unit);
	add_unit_file(writer, "sysinit.target.d/kpatch-early.conf",
		      "[Unit]\nWants=kpatch-early.service\n");
}

/*
 * The directory of our own program, to @ret of PATH_MAX bytes. False if nothing tells.
 * Without /proc it is that of the path by which the program was called, if it was.
 */
static bool find_own_directory(char *ret)
{
	ssize_t len = readlink("/proc/self/exe", ret, PATH_MAX - 1);
	char *slash;

	if (len > 0)
		ret[len] = '\0';
	else if (file_path(ret, "", "%s", program_invocation_name))
		return false;
	slash = strrchr(ret, '/');
	if (slash)
		*slash = '\0';
	return slash;
}

bool overlay_archive_find_program(const char *root, char *ret)
{
	static const char *const beside[] = {
		"/early/kpatch-early", "/../lib/kpatch-early/kpatch-early"
	};
	char own[PATH_MAX];

	if (*root && !root_path(ret, root, EARLY_PROGRAM) && !access(ret, R_OK))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(beside) && find_own_directory(own); i++)
		if (!file_path(ret, own, "%s", beside[i]) && !access(ret, R_OK))
			return true;
	return !file_path(ret, "", EARLY_PROGRAM) && !access(ret, R_OK);
}

static bool add_early_program(struct overlay_writer *writer)
{
	struct overlay_error *error = writer->error;

	if (overlay_archive_find_program(writer->content->root, error->program)) {
		error->program_machine = elf_machine_of(error->program);
		return add_file(writer, error->program, "usr/sbin/kpatch-early", 0755);
	}
	return fail_archive(writer, EARLY_PROGRAM, file_is_there("", "/proc/self") ?
			    OVERLAY_NO_PROGRAM : OVERLAY_NO_PROC);
}

/*
 * An overlay that replaces has the manifest under both names, so that an earlier
 * overlay's other one does not count. Joined to itself the manifest is the same. An empty
 * one would have to be signed apart, and the passphrase given twice.
 */
static bool add_manifests(struct overlay_writer *writer)
{
	if (!writer->content->add && !add_manifest(writer, MANIFEST_FILE, SIGNATURE_FILE))
		return false;
	return add_manifest(writer, ADDED_MANIFEST_FILE,
			    ADDED_MANIFEST_FILE SIGNATURE_SUFFIX);
}

/*
 * Whether the machine of the root has had a record of the boot guard. Of this system that
 * is no evidence without --settings: the overlay may be for another machine.
 */
static bool is_guarded(const struct overlay_content *content)
{
	return (*content->root || content->settings) &&
	       root_has(content->root, GUARDED_FILE);
}

static bool add_settings(struct overlay_writer *writer)
{
	char path[PATH_MAX];
	int err;

	if (!writer->content->settings || !root_has(writer->content->root, CONF_FILE))
		return true;
	err = root_path(path, writer->content->root, CONF_FILE);
	if (err)
		return fail_archive_for_errno(writer, CONF_FILE, err);
	return add_file(writer, path, CONF_FILE + 1, 0644);
}

/*
 * dracut's hooks go to its old directory and its new one, and never through lib/, which
 * bases have as a symbolic link. With systemd, dracut's timeout hooks run only where the
 * initqueue is needed.
 */
static bool add_all(struct overlay_writer *writer)
{
	if (!add_early_program(writer) || !add_manifests(writer))
		return false;
	cpio_add_text(&writer->cpio, OVERLAY_FILE + 1, 0644, "");
	if (is_guarded(writer->content))
		cpio_add_text(&writer->cpio, GUARDED_FILE + 1, 0644, GUARDED_TEXT);
	if (!add_settings(writer) || !add_patches(writer))
		return false;
	add_hooks(writer, "usr");
	cpio_add_text(&writer->cpio, "usr/lib/dracut/need-initqueue", 0644, "");
	add_hooks(writer, "var");
	add_unit(writer);
	return true;
}

int overlay_archive_begin(int fd)
{
	static const char zeros[4];

	return file_write_all(fd, zeros, sizeof(zeros));
}

int overlay_archive_pad(int fd)
{
	static const char zeros[4];
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return -errno;
	return file_write_all(fd, zeros, (size_t)-size % sizeof(zeros));
}

bool overlay_archive_write(const struct overlay_content *content, int fd, bool gzip,
			   struct overlay_error *ret_error)
{
	struct overlay_writer writer = { .content = content, .error = ret_error };
	int err;

	cpio_open(&writer.cpio, fd, gzip);
	if (!add_all(&writer))
		return false;
	err = cpio_close(&writer.cpio);
	if (!err)
		err = overlay_archive_pad(fd);
	return !err || fail_archive_for_errno(&writer, "", err);
}
