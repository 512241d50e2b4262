// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The overlay verb: what makes an initramfs that is there already apply patches, as one archive to be
 * given after it. The program is first in it: whatever is lost of a cut archive, it is the last.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/file.h"
#include "common/input/manifest.h"
#include "common/input/signed_manifest.h"
#include "common/module/module_name.h"
#include "common/paths.h"
#include "common/text.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "host/commands.h"
#include "host/cpio.h"
#include "host/subprocess.h"

#define ARGUMENTS_MAX (SOURCES_MAX + 256)

/* dracut's hooks, from the files that the dracut module installs, each with a NUL behind it. */
__asm__(".pushsection .rodata\n"
	"overlay_apply: .incbin \"dracut-module/50kpatch-early/kpatch-early.sh\"\n.byte 0\n"
	"overlay_rollback: .incbin \"dracut-module/50kpatch-early/kpatch-early-rollback.sh\"\n.byte 0\n"
	".popsection");
extern const char overlay_apply[], overlay_rollback[];

static struct {
	char *bake[ARGUMENTS_MAX];	/* the words for bake: what overlay takes, bake does */
	int bake_count;
	const char *output, *compress, *root;
	char helped[RELEASE_MAX + 1];	/* the release whose helpers were added last */
	bool add;			/* join the base's manifest, instead of replacing it */
	bool is_signed, has_files;
	volatile sig_atomic_t signal;	/* that wants an end, or 0 */
	char manifest[MANIFEST_BYTES_MAX + 1];
	ssize_t manifest_len;
	char scratch[PATH_MAX];		/* where bake leaves its tree */
	char last[PATH_MAX];		/* the path added last */
	struct cpio cpio;
} overlay;

/* Always false. */
static bool fail(const char *what, int err)
{
	fprintf(stderr, "kpatch-early: overlay: %s: %s; no overlay is written\n", what,
		verdict_errno_text(err));
	return false;
}

static void for_bake(char *word)
{
	if (overlay.bake_count < ARGUMENTS_MAX - 1)
		overlay.bake[overlay.bake_count++] = word;
}

static void add_folders(const char *path)
{
	cpio_add_folders(&overlay.cpio, path, overlay.last);
	snprintf(overlay.last, sizeof(overlay.last), "%s", path);
}

/* Adds the file @from as @path, without the slash in front. */
static bool add_file(const char *from, const char *path, unsigned int mode)
{
	CLOSE_FD fd = open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(from, errno);
	add_folders(path);
	cpio_add_file(&overlay.cpio, path, mode, fd);
	return true;
}

static bool add_from_scratch(const char *path, const char *as)
{
	char from[PATH_MAX];

	if (file_path(from, overlay.scratch, "%s", path))
		return fail(path, ENAMETOOLONG);
	return add_file(from, as + 1, 0644);
}

/* With its signature, which is of the bytes and good under either name. */
static bool add_manifest(const char *as, const char *signature_as)
{
	return add_from_scratch(MANIFEST_FILE, as) &&
	       (!overlay.is_signed || add_from_scratch(SIGNATURE_FILE, signature_as));
}

/*
 * What the boot guard needs where the kernel does not have it built in: not in lib/modules, since the base's list of
 * modules there would not name it.
 */
static bool add_helper(const char *release)
{
	char stem[PATH_MAX], from[PATH_MAX], path[PATH_MAX];

	if (!strcmp(release, overlay.helped))
		return true;
	snprintf(overlay.helped, sizeof(overlay.helped), "%s", release);
	return file_path(stem, overlay.root, "/lib/modules/%s/kernel/fs/efivarfs/efivarfs", release) ||
	       !module_name_find_file(stem, from) ||
	       (!file_path(path, HELPERS_DIR, "/%s%s", release, strrchr(from, '/')) &&
		add_file(from, path + 1, 0644));
}

static int add_patch(const struct manifest_entry *entry, void *unused)
{
	char path[PATH_MAX];

	(void)unused;
	if (!add_helper(entry->release))
		return -ECANCELED;
	if (file_path(path, PATCHES_DIR, "/%s/%s", entry->release, entry->file))
		return -ENAMETOOLONG;
	return add_from_scratch(path, path) ? 0 : -ECANCELED;
}

/* The patches that the manifest names, in its order. */
static bool add_patches(void)
{
	struct manifest_error error;
	int err = manifest_parse(overlay.manifest, (size_t)overlay.manifest_len,
		&(struct manifest_reader){ MANIFEST_BAKED, add_patch, NULL }, &error);

	return !err || (err != -ECANCELED && fail(MANIFEST_FILE, err));
}

static void add_hook(const char *top, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/lib/dracut/hooks/%s.sh", top, name);
	add_folders(path);
	cpio_add_bytes(&overlay.cpio, path, 0755, text, strlen(text));
}

static void add_hooks(const char *top)
{
	add_hook(top, "pre-udev/00-kpatch-early", overlay_apply);
	add_hook(top, "initqueue/timeout/99-kpatch-early-rollback", overlay_rollback);
	add_hook(top, "emergency/00-kpatch-early-rollback", overlay_rollback);
	add_hook(top, "shutdown-emergency/00-kpatch-early-rollback", overlay_rollback);
}

/* Where our own program is, up to its last slash, to @ret of PATH_MAX bytes. False if nothing tells. */
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
 * The early program to be packed: that of --root, if it has one, else the one that was built or
 * installed with this program. @ret has PATH_MAX bytes.
 */
static bool find_early_program(char *ret)
{
	static const char *const beside[] = { "/early/kpatch-early", "/../lib/kpatch-early/kpatch-early" };
	char own[PATH_MAX];

	if (*overlay.root && !file_path(ret, overlay.root, EARLY_PROGRAM) && !access(ret, R_OK))
		return true;
	for (size_t i = 0; find_own_directory(own) && i < ARRAY_SIZE(beside); i++)
		if (!file_path(ret, own, "%s", beside[i]) && !access(ret, R_OK))
			return true;
	return !file_path(ret, "", EARLY_PROGRAM) && !access(ret, R_OK);
}

static bool add_early_program(void)
{
	char path[PATH_MAX];

	return find_early_program(path) ? add_file(path, "usr/sbin/kpatch-early", 0755) :
					  fail(EARLY_PROGRAM, ENOENT);
}

/*
 * Replacing, the manifest has both names: an earlier overlay's other one must not count, and joined to
 * itself it is the same; an empty one would have to be signed apart, and the passphrase given twice.
 * dracut's hooks go to its old folder and its new one, and never through lib/, which bases have as a symbolic link; with
 * systemd its timeout hooks run only where the initqueue is needed.
 */
static bool add_all(void)
{
	if (!add_early_program() ||
	    (!overlay.add && !add_manifest(MANIFEST_FILE, SIGNATURE_FILE)) ||
	    !add_manifest(ADDED_MANIFEST_FILE, ADDED_MANIFEST_FILE SIGNATURE_SUFFIX))
		return false;
	cpio_add_bytes(&overlay.cpio, OVERLAY_FILE + 1, 0644, "", 0);
	if (!add_patches())
		return false;
	add_hooks("usr");
	cpio_add_bytes(&overlay.cpio, "usr/lib/dracut/need-initqueue", 0644, "", 0);
	add_hooks("var");
	return true;
}

/* So that a plain archive may follow, which begins at a multiple of 4. The kernel skips zeros. */
static int pad(int fd)
{
	static const char zeros[4];
	off_t size = lseek(fd, 0, SEEK_END);

	return size < 0 ? -errno : file_write_all(fd, zeros, (size_t)-size % sizeof(zeros));
}

static bool write_archive(int fd, bool gzip)
{
	int err;

	cpio_open(&overlay.cpio, fd, gzip);
	if (!add_all())
		return false;
	err = cpio_close(&overlay.cpio);
	if (!err)
		err = pad(fd);
	return !err || fail(overlay.output, err);
}

/* The whole archive first, since a compressor that fails must not leave half of one. */
static bool write_compressed(int to)
{
	char path[PATH_MAX];
	int err;

	if (file_path(path, overlay.scratch, "/archive"))
		return fail(overlay.scratch, ENAMETOOLONG);
	CLOSE_FD plain = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (plain < 0)
		return fail(path, errno);
	if (!write_archive(plain, false))
		return false;
	lseek(plain, 0, SEEK_SET);
	err = subprocess_compress(overlay.compress, plain, to);
	if (!err)
		err = pad(to);
	if (err != -ENOENT)
		return !err || fail(overlay.compress, err);
	fprintf(stderr, "kpatch-early: overlay: %s is not installed; no overlay is written\n",
		overlay.compress);
	return false;
}

static bool write_to(int fd)
{
	if (!strcmp(overlay.compress, "stored"))
		return write_archive(fd, true);
	if (!strcmp(overlay.compress, "none"))
		return write_archive(fd, false);
	return write_compressed(fd);
}

static bool write_output(void)
{
	char temporary[PATH_MAX];
	int err;
	CLOSE_FD lock = file_lock_directory(overlay.output);

	if (lock < 0)
		return fail(overlay.output, lock);
	CLOSE_FD fd = file_create_beside(overlay.output, temporary);
	if (fd < 0)
		return fail(overlay.output, fd);
	if (!write_to(fd)) {
		unlink(temporary);
		return false;
	}
	err = file_commit(fd, temporary, overlay.output);
	return !err || fail(overlay.output, err);
}

/* Memory, unless told otherwise: nothing of what lies there for a moment need reach a disk. */
static bool make_scratch(void)
{
	const char *folder = getenv("TMPDIR");

	if (!folder || !*folder)
		folder = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	if (file_path(overlay.scratch, folder, "/kpatch-early.XXXXXX"))
		return fail(folder, ENAMETOOLONG);
	return mkdtemp(overlay.scratch) || fail(overlay.scratch, errno);
}

/* nftw(3) would do as well, with 1 KB of the program. Nothing hidden, nor a link, is ever made there. */
static void remove_all(const char *path)
{
	CLOSE_DIR *folder = opendir(path);
	char next[PATH_MAX];
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' && !file_path(next, path, "/%s", entry->d_name) && unlink(next))
			remove_all(next);
	rmdir(path);
}

/* False if bake gave up, which has told why. */
static bool is_baked(void)
{
	char path[PATH_MAX];

	if (file_path(path, overlay.scratch, MANIFEST_FILE) || access(path, F_OK))
		return false;
	overlay.manifest_len = file_read(path, overlay.manifest, sizeof(overlay.manifest));
	return overlay.manifest_len >= 0 || fail(path, (int)overlay.manifest_len);
}

/* A line each, below the heading. */
static size_t count_patches(void)
{
	size_t lines = 0;

	for (ssize_t i = 0; i < overlay.manifest_len; i++)
		lines += overlay.manifest[i] == '\n';
	return lines - 1;
}

/* False if nothing is written: what was asked for by hand is not there, or something fails. */
static bool write_patches(void)
{
	size_t count = count_patches();

	if (!count && overlay.has_files) {
		fputs("kpatch-early: overlay: none of the files is baked; no overlay is written\n", stderr);
		return false;
	}
	if (!write_output())
		return false;
	if (!count)
		fprintf(stderr, "kpatch-early: overlay: there is no patch in it%s\n", overlay.add ? "" :
			", and a base that it is given to loads none of its own");
	printf("%s is written, patches: %zu\n", overlay.output, count);
	return true;
}

static void note_signal(int number)
{
	overlay.signal = number;
}

/* So that none leaves the scratch folder. What is ignored stays so. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
	const struct sigaction note = { .sa_handler = note_signal };
	struct sigaction before;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!sigaction(numbers[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &note, NULL);
}

static void end_by_signal(void)
{
	if (overlay.signal) {
		signal(overlay.signal, SIG_DFL);
		raise(overlay.signal);
	}
}

/* A device, a pipe or a link of that name is not what somebody wants to lose. */
static bool may_be_replaced(void)
{
	struct stat st;

	if (lstat(overlay.output, &st) || S_ISREG(st.st_mode))
		return true;
	fprintf(stderr, "kpatch-early: overlay: %s is not a regular file; no overlay is written\n", overlay.output);
	return false;
}

static int make_overlay(void)
{
	char output[] = "--output";
	int ret;

	if (!may_be_replaced())
		return EXIT_BAD_INPUT;
	catch_signals();
	if (!make_scratch())
		return EXIT_NOT_APPLIED;
	overlay.bake[1] = output;
	overlay.bake[2] = overlay.scratch;
	optind = 0;	/* musl's getopt begins anew */
	ret = bake_verb(overlay.bake_count, overlay.bake);
	if (ret != EXIT_BAD_INPUT && !overlay.signal && is_baked() && !write_patches())
		ret = EXIT_NOT_APPLIED;
	remove_all(overlay.scratch);
	end_by_signal();
	return ret;
}

static bool parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "output", required_argument, NULL, 'o' },
		{ "root", required_argument, NULL, 'r' },
		{ "strip", no_argument, NULL, 's' },
		{ "sign", required_argument, NULL, 'S' },
		{ "compress", required_argument, NULL, 'c' },
		{ "add", no_argument, NULL, 'a' },
		{ "replace", no_argument, NULL, 'R' },
		{ 0 },
	};
	static char bake[] = "bake", kernel[] = "-k", root[] = "--root", strip[] = "--strip", sign[] = "--sign", end[] = "--";
	int option;

	overlay.root = "";
	overlay.bake[0] = bake;
	overlay.bake_count = 3;		/* two words for the output, which is known later */
	while ((option = getopt_long(argc, argv, "k:o:", options, NULL)) != -1) {
		switch (option) {
		case 'k': for_bake(kernel); for_bake(optarg); break;
		case 'r': for_bake(root); for_bake(optarg); overlay.root = optarg; break;
		case 's': for_bake(strip); break;
		case 'S': for_bake(sign); for_bake(optarg); overlay.is_signed = true; break;
		case 'o': overlay.output = optarg; break;
		case 'c': overlay.compress = optarg; break;
		case 'a': overlay.add = true; break;
		case 'R': overlay.add = false; break;
		default: return false;
		}
	}
	for_bake(end);
	overlay.has_files = optind < argc;
	while (optind < argc)
		for_bake(argv[optind++]);
	return true;
}

int overlay_verb(int argc, char **argv)
{
	static const char *const known[] = { "stored", "none", "gzip", "xz", "zstd", NULL };

	overlay.compress = "stored";
	if (!parse(argc, argv))
		return verbs_bad_usage();
	if (!overlay.output || !text_is_one_of(overlay.compress, known)) {
		fprintf(stderr, "kpatch-early: overlay: %s\n", overlay.output ?
			"--compress= is one of stored, none, gzip, xz, zstd" : "-o FILE is missing");
		return verbs_bad_usage();
	}
	if (overlay.bake_count == ARGUMENTS_MAX - 1) {
		fputs("kpatch-early: overlay: too many files\n", stderr);
		return verbs_bad_usage();
	}
	return make_overlay();
}
