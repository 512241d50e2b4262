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
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/text.h"
#include "host/cpio.h"

/* dracut's hooks, from the files of the dracut module, each with a NUL behind it. */
__asm__(".pushsection .rodata\n"
	"overlay_apply:\n"
	".incbin \"dracut-module/50kpatch-early/kpatch-early.sh\"\n"
	".byte 0\n"
	"overlay_rollback:\n"
	".incbin \"dracut-module/50kpatch-early/kpatch-early-rollback.sh\"\n"
	".byte 0\n"
	".popsection");
extern const char overlay_apply[], overlay_rollback[];

struct overlay_writer {
	const struct overlay_content *content;
	char guard_release[RELEASE_MAX + 1];	/* whose guard module was added last */
	char *error_path;
	struct cpio cpio;
};

/* Passes @err on, and notes that it is about @path. */
static int archive_fail(struct overlay_writer *writer, const char *path, int err)
{
	snprintf(writer->error_path, PATH_MAX, "%s", path);
	return err;
}

/* Adds the file @from as @path, without the slash in front. */
static int add_file(struct overlay_writer *writer, const char *from, const char *path,
		    unsigned int mode)
{
	CLOSE_FD fd = open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return archive_fail(writer, from, -errno);
	cpio_add_directories(&writer->cpio, path);
	cpio_add_file(&writer->cpio, path, mode, fd);
	return 0;
}

/* Adds the tree's file @path under the absolute path @as. */
static int add_from_tree(struct overlay_writer *writer, const char *path, const char *as)
{
	char from[PATH_MAX];
	int err = file_path(from, writer->content->tree, "%s", path);

	if (err)
		return archive_fail(writer, path, err);
	return add_file(writer, from, as + 1, 0644);
}

/* Adds the signature too, which is of the bytes, and so good under either name. */
static int add_manifest(struct overlay_writer *writer, const char *as,
			const char *signature_as)
{
	int err = add_from_tree(writer, MANIFEST_FILE, as);

	if (!err && writer->content->has_signature)
		err = add_from_tree(writer, SIGNATURE_FILE, signature_as);
	return err;
}

/*
 * Adds the kernel module that the boot guard needs, unless it is built in. It can't go to
 * lib/modules, since the base's list of modules there would not name it.
 */
static int add_guard_module(struct overlay_writer *writer, const char *release)
{
	char stem[PATH_MAX], from[PATH_MAX], path[PATH_MAX];

	if (!strcmp(release, writer->guard_release))
		return 0;
	snprintf(writer->guard_release, sizeof(writer->guard_release), "%s", release);
	if (file_path(stem, writer->content->root,
		      "/lib/modules/%s/kernel/fs/efivarfs/efivarfs", release) ||
	    !module_name_find_file(stem, from))
		return 0;
	if (file_path(path, HELPERS_DIR, "/%s%s", release, strrchr(from, '/')))
		return archive_fail(writer, from, -ENAMETOOLONG);
	return add_file(writer, from, path + 1, 0644);
}

static int add_patch(const struct manifest_entry *entry, void *data)
{
	struct overlay_writer *writer = data;
	char path[PATH_MAX];
	int err = add_guard_module(writer, entry->release);

	if (!err)
		err = file_path(path, PATCHES_DIR, "/%s/%s", entry->release, entry->file);
	return err ? err : add_from_tree(writer, path, path);
}

/* Adds the patches that the manifest names, in its order. */
static int add_patches(struct overlay_writer *writer)
{
	const struct overlay_content *content = writer->content;
	struct manifest_error error;
	int err = manifest_parse(content->manifest, content->manifest_len,
				 &(struct manifest_reader){
		MANIFEST_BAKED, add_patch, writer }, &error);

	if (err && !*writer->error_path)
		return archive_fail(writer, MANIFEST_FILE, err);
	return err;
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

/* The directory of our own program, to @ret of PATH_MAX bytes. False if nothing tells. */
static bool find_own_directory(char *ret)
{
	ssize_t len = readlink("/proc/self/exe", ret, PATH_MAX - 1);

	if (len <= 0)
		return false;
	ret[len] = '\0';
	*strrchr(ret, '/') = '\0';
	return true;
}

/*
 * Finds the early program to be packed, to @ret of PATH_MAX bytes. That of --root goes
 * first; else it is the one that was built or installed with this program.
 */
static bool find_early_program(const char *root, char *ret)
{
	static const char *const beside[] = {
		"/early/kpatch-early", "/../lib/kpatch-early/kpatch-early"
	};
	char own[PATH_MAX];

	if (*root && !file_path(ret, root, EARLY_PROGRAM) && !access(ret, R_OK))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(beside) && find_own_directory(own); i++)
		if (!file_path(ret, own, "%s", beside[i]) && !access(ret, R_OK))
			return true;
	return !file_path(ret, "", EARLY_PROGRAM) && !access(ret, R_OK);
}

static int add_early_program(struct overlay_writer *writer)
{
	char path[PATH_MAX];

	if (!find_early_program(writer->content->root, path))
		return archive_fail(writer, EARLY_PROGRAM, -ENOENT);
	return add_file(writer, path, "usr/sbin/kpatch-early", 0755);
}

/*
 * An overlay that replaces has the manifest under both names, so that an earlier
 * overlay's other one does not count. Joined to itself the manifest is the same. An empty
 * one would have to be signed apart, and the passphrase given twice.
 */
static int add_manifests(struct overlay_writer *writer)
{
	int err = 0;

	if (!writer->content->add)
		err = add_manifest(writer, MANIFEST_FILE, SIGNATURE_FILE);
	if (!err)
		err = add_manifest(writer, ADDED_MANIFEST_FILE,
				   ADDED_MANIFEST_FILE SIGNATURE_SUFFIX);
	return err;
}

/*
 * dracut's hooks go to its old directory and its new one, and never through lib/, which
 * bases have as a symbolic link. With systemd, dracut's timeout hooks run only where the
 * initqueue is needed.
 */
static int add_all(struct overlay_writer *writer)
{
	int err = add_early_program(writer);

	if (!err)
		err = add_manifests(writer);
	if (err)
		return err;
	cpio_add_text(&writer->cpio, OVERLAY_FILE + 1, 0644, "");
	err = add_patches(writer);
	if (err)
		return err;
	add_hooks(writer, "usr");
	cpio_add_text(&writer->cpio, "usr/lib/dracut/need-initqueue", 0644, "");
	add_hooks(writer, "var");
	return 0;
}

int overlay_archive_pad(int fd)
{
	static const char zeros[4];
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return -errno;
	return file_write_all(fd, zeros, (size_t)-size % sizeof(zeros));
}

int overlay_archive_write(const struct overlay_content *content, int fd, bool gzip,
			  char *ret_path)
{
	struct overlay_writer writer = { .content = content, .error_path = ret_path };
	int err;

	*ret_path = '\0';
	cpio_open(&writer.cpio, fd, gzip);
	err = add_all(&writer);
	if (!err)
		err = cpio_close(&writer.cpio);
	return err ? err : overlay_archive_pad(fd);
}
