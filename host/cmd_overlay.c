// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The overlay verb: bakes into a scratch directory, and packs what is there, as an
 * archive or as an addon of a unified kernel image.
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
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/bounds.h"
#include "common/dir_list.h"
#include "common/file.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "host/addon_report.h"
#include "host/bake.h"
#include "host/commands.h"
#include "host/elf_machine.h"
#include "host/overlay_archive.h"
#include "host/own_name.h"
#include "host/patch_remarks.h"
#include "host/progress.h"
#include "host/root_path.h"
#include "host/subprocess.h"
#include "host/uki_addon.h"
#include "host/usage.h"

#define FILES_MAX (SOURCES_MAX + 256)

/* Which of the two options came last. */
enum base_manifest { BASE_MANIFEST_DEFAULT, BASE_MANIFEST_REPLACED, BASE_MANIFEST_KEPT };

/* Which of the options came last. */
enum overlay_kind { OVERLAY_ARCHIVE, OVERLAY_ADDON, OVERLAY_OFF_ADDON };

struct overlay_context {
	struct bake_request bake;
	/* of the files, where -k names none; one more than bake.releases has room for */
	char own_releases[BAKE_RELEASES_MAX + 2][RELEASE_MAX + 1];
	enum overlay_kind kind;
	const char *output;
	const char *compress;		/* NULL: what suits where the overlay stands */
	const char *cmdline;		/* the addon's words, or NULL */
	struct program_signer signer;	/* of an addon; its key is NULL: nobody */
	bool first;			/* it stands in front of microcode and base */
	bool settings;			/* it brings those of the root */
	bool empty;			/* it may have no patch for a release */
	enum base_manifest base_manifest;
	char *manifest;			/* memory for MANIFEST_BYTES_MAX and a NUL */
	size_t manifest_len;
	char manifest_digest[SHA256_HEX_BYTES];
	char scratch[PATH_MAX];		/* where the tree is baked */
};

/* The signal that is to end the program, or 0. */
static volatile sig_atomic_t caught_signal;

/* Always false. */
static bool say_no_overlay(const char *what, const char *reason)
{
	fprintf(stderr, "kpatch-early: overlay: %s: %s; no overlay is written\n", what,
		reason);
	return false;
}

/* The same, for @err. */
static bool say_not_written(const char *what, int err)
{
	return say_no_overlay(what, verdict_errno_text(err));
}

static const char *overlay_error_text(const struct overlay_error *error)
{
	switch (error->problem) {
	case OVERLAY_ERROR:
	case OVERLAY_OTHER_MACHINE:
		break;
	case OVERLAY_NO_PROGRAM:
		return "it is missing";
	case OVERLAY_NO_PROC:
		return "it is missing, and /proc, which tells where this program lies, "
		       "is not mounted";
	case OVERLAY_FILE_TOO_LARGE:
		return "it is larger than the limit";
	case OVERLAY_FILE_CHANGED:
		return "it changed while it was read";
	case OVERLAY_WRONG_MANIFEST:
		return "a line of it is wrong";
	}
	return verdict_errno_text(error->err);
}

/* Always false. */
static bool say_other_machine(const struct overlay_error *error)
{
	const char *machine = elf_machine_name(error->machine);

	fprintf(stderr, "kpatch-early: overlay: %s is for %s, the early program %s for "
		"%s; name by --root a root with that for %s; no overlay is written\n",
		error->path, machine, error->program,
		elf_machine_name(error->program_machine), machine);
	return false;
}

static bool write_archive(const struct overlay_context *overlay, int fd, bool gzip)
{
	const struct overlay_content content = {
		.root = overlay->bake.root, .tree = overlay->scratch,
		.manifest = overlay->manifest, .manifest_len = overlay->manifest_len,
		.add = overlay->base_manifest == BASE_MANIFEST_KEPT,
		.settings = overlay->settings,
		.has_signature = overlay->bake.sign_key,
	};
	struct overlay_error error;

	if (overlay_archive_write(&content, fd, gzip, &error))
		return true;
	if (error.problem == OVERLAY_OTHER_MACHINE)
		return say_other_machine(&error);
	return say_no_overlay(*error.path ? error.path : overlay->output,
			      overlay_error_text(&error));
}

static bool compress_archive(const struct overlay_context *overlay, int plain, int to)
{
	const char *program = overlay->compress;
	PROGRESS progress = progress_begin("compressing");
	int err = 0;

	(void)progress;
	lseek(plain, 0, SEEK_SET);
	switch (subprocess_compress(program, plain, to, &err)) {
	case SUBPROCESS_OK:
		err = overlay_archive_pad(to);
		return !err || say_not_written(program, err);
	case SUBPROCESS_NOT_INSTALLED:
		fprintf(stderr, "kpatch-early: overlay: %s is not installed; no overlay "
			"is written\n", program);
		return false;
	case SUBPROCESS_FAILED:
		return say_no_overlay(program, "it failed");
	case SUBPROCESS_OVER_LIMIT:
		return say_no_overlay(program, "it is larger than the limit");
	case SUBPROCESS_NOT_READ:
	case SUBPROCESS_ERROR:
		break;
	}
	return say_not_written(program, err);
}

/* A compressor that fails must not leave half an archive, so all of it is there first. */
static bool write_compressed(const struct overlay_context *overlay, int to)
{
	char path[PATH_MAX];

	if (file_path(path, overlay->scratch, "/archive"))
		return say_not_written(overlay->scratch, ENAMETOOLONG);
	CLOSE_FD plain = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (plain < 0)
		return say_not_written(path, errno);
	return write_archive(overlay, plain, false) &&
	       compress_archive(overlay, plain, to);
}

static bool write_initrd_to(const struct overlay_context *overlay, int fd)
{
	int err;

	if (overlay->first)
		return write_archive(overlay, fd, false);
	err = overlay_archive_begin(fd);
	if (err)
		return say_not_written(overlay->output, err);
	if (!overlay->compress || !strcmp(overlay->compress, "stored"))
		return write_archive(overlay, fd, true);
	if (!strcmp(overlay->compress, "none"))
		return write_archive(overlay, fd, false);
	return write_compressed(overlay, fd);
}

static bool finish_addon(const struct overlay_context *overlay, int fd)
{
	struct uki_addon addon = {
		.release = overlay->bake.releases[0], .cmdline = overlay->cmdline,
	};
	char program[PATH_MAX];
	int err = 0;

	if (!overlay_archive_find_program(overlay->bake.root, program))
		return say_no_overlay(EARLY_PROGRAM, "it is missing");
	addon.machine = uki_machine_of(program);
	if (!addon.machine)
		return say_no_overlay(program, "it is for a machine that no addon can be "
				      "made for");
	switch (uki_addon_finish(&addon, fd, &err)) {
	case UKI_ADDON_WRITTEN:
		return true;
	case UKI_ADDON_TOO_LARGE:
		return say_no_overlay(overlay->output, "it is larger than the limit");
	case UKI_ADDON_ERROR:
		break;
	}
	return say_not_written(overlay->output, err);
}

static bool write_addon(const struct overlay_context *overlay, int fd)
{
	if (lseek(fd, UKI_ADDON_HEADERS, SEEK_SET) < 0)
		return say_not_written(overlay->output, errno);
	if (overlay->kind == OVERLAY_ADDON && !write_initrd_to(overlay, fd))
		return false;
	return finish_addon(overlay, fd);
}

static bool sign_addon(const struct overlay_context *overlay, const char *from,
		       const char *to)
{
	switch (subprocess_sign_program(&overlay->signer, from, to)) {
	case SUBPROCESS_OK:
		return true;
	case SUBPROCESS_NOT_INSTALLED:
		fputs("kpatch-early: overlay: sbsign is not installed; no overlay is "
		      "written\n", stderr);
		return false;
	case SUBPROCESS_FAILED:
	case SUBPROCESS_OVER_LIMIT:
	case SUBPROCESS_NOT_READ:
	case SUBPROCESS_ERROR:
		break;
	}
	return say_no_overlay("sbsign", "it failed");
}

static bool copy_to(const struct overlay_context *overlay, const char *path, int to)
{
	CLOSE_FD from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = from;

	while (n >= 0 && (n = sendfile(to, from, NULL, ARCHIVE_BYTES_MAX)) > 0)
		;
	return !n || say_not_written(overlay->output, errno);
}

/* Whoever signs makes a file of its own, which may be half of one if that fails. */
static bool write_signed_addon(const struct overlay_context *overlay, int to)
{
	char plain_path[PATH_MAX], signed_path[PATH_MAX];

	if (file_path(plain_path, overlay->scratch, "/addon") ||
	    file_path(signed_path, overlay->scratch, "/addon.signed"))
		return say_not_written(overlay->scratch, ENAMETOOLONG);
	CLOSE_FD plain = open(plain_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (plain < 0)
		return say_not_written(plain_path, errno);
	return write_addon(overlay, plain) &&
	       sign_addon(overlay, plain_path, signed_path) &&
	       copy_to(overlay, signed_path, to);
}

static bool write_overlay_to(const struct overlay_context *overlay, int fd)
{
	if (overlay->kind == OVERLAY_ARCHIVE)
		return write_initrd_to(overlay, fd);
	return overlay->signer.key ? write_signed_addon(overlay, fd) :
				     write_addon(overlay, fd);
}

static bool write_output(const struct overlay_context *overlay)
{
	char temporary[PATH_MAX];
	int err;
	CLOSE_FD lock = file_lock_directory(overlay->output);

	if (lock < 0)
		return say_not_written(overlay->output, lock);
	CLOSE_FD fd = file_create_beside(overlay->output, temporary);
	if (fd < 0)
		return say_not_written(overlay->output, fd);
	if (!write_overlay_to(overlay, fd)) {
		unlink(temporary);
		return false;
	}
	err = file_commit(fd, temporary, overlay->output);
	return !err || say_not_written(overlay->output, err);
}

/* The directory is in memory by default, since nothing there needs to reach a disk. */
static bool make_scratch(struct overlay_context *overlay)
{
	const char *directory = getenv("TMPDIR");

	if (!directory || !*directory)
		directory = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	if (file_path(overlay->scratch, directory, "/kpatch-early.XXXXXX"))
		return say_not_written(directory, ENAMETOOLONG);
	return mkdtemp(overlay->scratch) || say_not_written(overlay->scratch, errno);
}

/* nftw(3) would cost 1 KB of the program. bake makes no hidden file, nor a link. */
static void remove_tree(const char *path)
{
	CLOSE_DIR *directory = opendir(path);
	char next[PATH_MAX];
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' &&
		    !file_path(next, path, "/%s", entry->d_name) && unlink(next))
			remove_tree(next);
	rmdir(path);
}

/* False if bake wrote no manifest, and has said why, or if it can't be read. */
static bool read_baked_manifest(struct overlay_context *overlay)
{
	char path[PATH_MAX];
	ssize_t len;

	if (file_path(path, overlay->scratch, MANIFEST_FILE) || access(path, F_OK))
		return false;
	len = file_read(path, overlay->manifest, MANIFEST_BYTES_MAX + 1);
	if (len < 0)
		return say_not_written(path, (int)len);
	overlay->manifest_len = (size_t)len;
	/* Now, since packing it writes into the text. */
	sha256_hex(overlay->manifest, overlay->manifest_len, overlay->manifest_digest);
	return true;
}

/* Below the heading. */
static bool has_lines(const struct overlay_context *overlay)
{
	const char *end = strchr(overlay->manifest, '\n');

	return end && end[1];
}

/* A required patch that could not be baked has a line, and no file. */
static size_t count_patches(const struct overlay_context *overlay)
{
	struct dir_list patches;
	char path[PATH_MAX];

	patches.count = patches.used = 0;
	for (size_t i = 0; i < overlay->bake.release_count; i++)
		if (!file_path(path, overlay->scratch, PATCHES_DIR "/%s",
			       overlay->bake.releases[i]))
			dir_list_add(&patches, path, ".ko");
	return patches.count;
}

/* Whether a base that has patches of its own keeps them. In front it always does. */
static bool keeps_base_patches(const struct overlay_context *overlay)
{
	return overlay->first || overlay->base_manifest == BASE_MANIFEST_KEPT;
}

static void say_written(const struct overlay_context *overlay, size_t count)
{
	if (!count)
		fprintf(stderr, "kpatch-early: overlay: there is no patch in it%s\n",
			keeps_base_patches(overlay) ? "" : ", and a base that it is "
			"given to loads none of its own");
	printf("%s is written, patches: %zu, overlay_manifest=%s\n", overlay->output,
	       count, overlay->manifest_digest);
	if (overlay->first)
		fprintf(stderr, "kpatch-early: overlay: %s stands first: a base in which "
			"usr/sbin, usr/lib/dracut/hooks or var/lib/dracut/hooks is a "
			"symbolic link, as in dracut 106, can't boot behind it\n",
			overlay->output);
}

static void say_stubs(const struct overlay_context *overlay)
{
	const struct addon_place place = {
		.root = overlay->bake.root, .output = overlay->output,
		.has_initrd = overlay->kind == OVERLAY_ADDON,
		.has_cmdline = overlay->cmdline,
	};

	addon_report_stubs(&place);
}

static bool has_patch_for(const struct overlay_context *overlay, const char *release)
{
	char line[RELEASE_MAX + 3];

	snprintf(line, sizeof(line), "\n%s ", release);
	return strstr(overlay->manifest, line);
}

/*
 * A base without the boot guard's own module has it from the overlay, if the kernel's
 * modules are there to be looked into.
 */
static void say_missing_modules(const struct overlay_context *overlay)
{
	const char *root = overlay->bake.root, *release;
	char path[PATH_MAX];

	for (size_t i = 0; i < overlay->bake.release_count; i++) {
		release = overlay->bake.releases[i];
		if ((!root_path(path, root, "/lib/modules/%s", release) &&
		     !access(path, F_OK)) || !has_patch_for(overlay, release))
			continue;
		fprintf(stderr, "kpatch-early: overlay: %s/lib/modules/%s is not there, "
			"so efivarfs is left out: where it is a module that the base "
			"lacks, the boot guard cannot use an EFI variable; name by "
			"--root a root that has these modules\n", root, release);
	}
}

/*
 * An overlay without a patch has a base load none of its own. So a release that is
 * mistyped would turn patching off.
 */
static bool check_releases_have_patches(const struct overlay_context *overlay)
{
	if (!has_lines(overlay) && *overlay->bake.files) {
		fputs("kpatch-early: overlay: none of the files is baked; no overlay is "
		      "written\n", stderr);
		return false;
	}
	for (size_t i = 0; i < overlay->bake.release_count; i++) {
		const char *release = overlay->bake.releases[i];

		if (overlay->empty || has_patch_for(overlay, release))
			continue;
		fprintf(stderr, "kpatch-early: overlay: there is no patch for %s; no "
			"overlay is written; --empty writes one all the same\n", release);
		return false;
	}
	return true;
}

/* False if nothing is written. */
static bool write_patches(const struct overlay_context *overlay)
{
	if (!check_releases_have_patches(overlay))
		return false;
	say_missing_modules(overlay);
	if (!write_output(overlay))
		return false;
	say_written(overlay, count_patches(overlay));
	for (size_t i = 0; i < overlay->bake.release_count; i++)
		patch_remarks_print("overlay", overlay->scratch,
				    overlay->bake.releases[i], false);
	if (overlay->kind == OVERLAY_ADDON)
		say_stubs(overlay);
	return true;
}

static int write_off_addon(const struct overlay_context *overlay)
{
	if (!write_output(overlay))
		return EXIT_NOT_APPLIED;
	printf("%s is written, to turn live patching off\n", overlay->output);
	say_stubs(overlay);
	return EXIT_OK;
}

static int bake_and_write(struct overlay_context *overlay)
{
	int ret;

	overlay->bake.output = overlay->scratch;
	ret = bake_run(&overlay->bake);
	if (ret != EXIT_BAD_INPUT && !caught_signal && read_baked_manifest(overlay) &&
	    !write_patches(overlay))
		ret = EXIT_NOT_APPLIED;
	return ret;
}

static void note_signal(int number)
{
	caught_signal = number;
}

/* None of these may leave the scratch directory. A signal that is ignored stays so. */
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
	if (caught_signal) {
		signal(caught_signal, SIG_DFL);
		raise(caught_signal);
	}
}

/*
 * Why the output can't take the place of what has its name, or NULL. A device, a pipe or
 * a link has a purpose of its own.
 */
static const char *find_problem_of_output(const struct overlay_context *overlay)
{
	struct stat there, st;

	if (lstat(overlay->output, &there))
		return NULL;
	if (!S_ISREG(there.st_mode))
		return "is not a regular file";
	for (char *const *file = overlay->bake.files; *file; file++)
		if (!stat(*file, &st) && st.st_ino == there.st_ino &&
		    st.st_dev == there.st_dev)
			return "is one of the patches";
	return NULL;
}

static int make_overlay(struct overlay_context *overlay)
{
	const char *problem = find_problem_of_output(overlay);
	int ret;

	if (problem) {
		fprintf(stderr, "kpatch-early: overlay: %s %s; no overlay is written\n",
			overlay->output, problem);
		return EXIT_BAD_INPUT;
	}
	catch_signals();
	if (!make_scratch(overlay))
		return EXIT_NOT_APPLIED;
	ret = overlay->kind == OVERLAY_OFF_ADDON ? write_off_addon(overlay) :
						   bake_and_write(overlay);
	remove_tree(overlay->scratch);
	end_by_signal();
	return ret;
}

static bool parse_overlay_options(int argc, char **argv, struct overlay_context *ret)
{
	static const struct option options[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "output", required_argument, NULL, 'o' },
		{ "root", required_argument, NULL, 'r' },
		{ "strip", no_argument, NULL, 's' },
		{ "no-check", no_argument, NULL, 'n' },
		{ "sign", required_argument, NULL, 'S' },
		{ "compress", required_argument, NULL, 'c' },
		{ "add", no_argument, NULL, 'a' },
		{ "replace", no_argument, NULL, 'R' },
		{ "first", no_argument, NULL, 'f' },
		{ "settings", no_argument, NULL, 'g' },
		{ "empty", no_argument, NULL, 'e' },
		{ "addon", no_argument, NULL, 'A' },
		{ "off-addon", no_argument, NULL, 'O' },
		{ "cmdline", required_argument, NULL, 'C' },
		{ "sign-addon", required_argument, NULL, 'K' },
		{ "cert", required_argument, NULL, 'X' },
		{ 0 },
	};
	int option;

	while ((option = usage_next_option(argc, argv, "k:o:", options)) != -1) {
		switch (option) {
		case 'k': bake_request_add_release(&ret->bake, optarg); break;
		case 'r': ret->bake.root = optarg; break;
		case 's': ret->bake.strip = true; break;
		case 'n': ret->bake.no_check = true; break;
		case 'S': ret->bake.sign_key = optarg; break;
		case 'o': ret->output = optarg; break;
		case 'c': ret->compress = optarg; break;
		case 'a': ret->base_manifest = BASE_MANIFEST_KEPT; break;
		case 'R': ret->base_manifest = BASE_MANIFEST_REPLACED; break;
		case 'f': ret->first = true; break;
		case 'g': ret->settings = true; break;
		case 'e': ret->empty = true; break;
		case 'A': ret->kind = OVERLAY_ADDON; break;
		case 'O': ret->kind = OVERLAY_OFF_ADDON; break;
		case 'C': ret->cmdline = optarg; break;
		case 'K': ret->signer.key = optarg; break;
		case 'X': ret->signer.certificate = optarg; break;
		default: return false;
		}
	}
	ret->bake.files = argv + optind;
	return true;
}

/*
 * What --first can't be combined with, or NULL. The kernel looks for microcode and ACPI
 * tables in plain archives, and ends at anything else (find_cpio_data() in
 * lib/earlycpio.c). Of files of one name it takes the last archive's, so the base's.
 */
static const char *find_problem_of_first(const struct overlay_context *overlay)
{
	if (overlay->compress && strcmp(overlay->compress, "none"))
		return "--first can't be combined with --compress=: only behind an "
		       "archive that isn't compressed the kernel finds early microcode "
		       "and ACPI tables";
	if (overlay->base_manifest == BASE_MANIFEST_REPLACED)
		return "--first can't be combined with --replace: behind it the base's "
		       "own manifest counts";
	return NULL;
}

/* The stub appends the words as they are to those of the image. */
static bool are_words(const char *cmdline)
{
	size_t len = strlen(cmdline);

	for (const char *c = cmdline; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	return len > 0 && len <= ADDON_CMDLINE_MAX;
}

/*
 * Without -k the overlay is for the kernels that its FILEs are for. False if a FILE does
 * not tell.
 */
static bool take_releases_of_files(struct overlay_context *overlay)
{
	struct bake_request *bake = &overlay->bake;

	for (char *const *file = bake->files; *file; file++) {
		char *release = overlay->own_releases[bake->release_count];

		if (access(*file, R_OK))
			return say_not_written(*file, errno);
		if (!own_name_release_of_file(*file, release))
			return say_no_overlay(*file, "it does not tell which kernel it "
					      "is for; -k RELEASE does");
		bake_request_add_release(bake, release);
	}
	return true;
}

static bool asks_for_patches(const struct overlay_context *overlay)
{
	const struct bake_request *bake = &overlay->bake;

	if (bake->release_count || *bake->files || bake->sign_key)
		return true;
	if (bake->strip || bake->no_check)
		return true;
	if (overlay->compress || overlay->base_manifest)
		return true;
	return overlay->settings || overlay->empty;
}

/* What is wrong with the options of an addon, or NULL. */
static const char *find_problem_of_addon(const struct overlay_context *overlay)
{
	if (!overlay->signer.key != !overlay->signer.certificate)
		return "--sign-addon KEY and --cert CERT need each other";
	if (overlay->kind == OVERLAY_ARCHIVE)
		return overlay->signer.key || overlay->cmdline ?
		       "--sign-addon, --cert and --cmdline= are for an addon" : NULL;
	if (overlay->first)
		return "--first can't be combined with an addon, whose overlay always "
		       "comes last";
	if (overlay->cmdline && !are_words(overlay->cmdline))
		return "--cmdline= has 1 to 1024 printable ASCII characters";
	if (overlay->kind == OVERLAY_ADDON)
		return NULL;
	return overlay->cmdline || asks_for_patches(overlay) ?
	       "--off-addon only turns live patching off: of the options it takes -o, "
	       "--root, --sign-addon and --cert" : NULL;
}

/* The same, as soon as it is known which kernels it is for. */
static const char *find_problem_of_releases(const struct overlay_context *overlay)
{
	return overlay->kind == OVERLAY_ADDON && overlay->bake.release_count > 1 ?
	       "an addon is for one kernel release: make one for each" : NULL;
}

/* Why the command line can't be followed, or NULL. */
static const char *find_usage_problem(const struct overlay_context *overlay, int files)
{
	static const char *const known[] = {
		"stored", "none", "gzip", "xz", "zstd", NULL
	};
	const char *problem;

	if (!overlay->output)
		return "-o FILE is missing";
	if (overlay->compress && !text_is_one_of(overlay->compress, known))
		return "--compress= is one of stored, none, gzip, xz, zstd";
	if (files > FILES_MAX)
		return "too many files";
	problem = find_problem_of_addon(overlay);
	return problem || !overlay->first ? problem : find_problem_of_first(overlay);
}

/* Whether there is a @problem, which is said. */
static bool say_problem(const char *problem)
{
	if (problem)
		fprintf(stderr, "kpatch-early: overlay: %s\n", problem);
	return problem;
}

int overlay_verb(int argc, char **argv)
{
	static char manifest[MANIFEST_BYTES_MAX + 1];
	struct overlay_context overlay = {
		.bake.root = "", .manifest = manifest,
	};

	if (!parse_overlay_options(argc, argv, &overlay) ||
	    say_problem(find_usage_problem(&overlay, argc - optind)) ||
	    !verbs_has_root(argv[0], overlay.bake.root))
		return verbs_bad_usage();
	if (!overlay.bake.release_count && !take_releases_of_files(&overlay))
		return EXIT_NOT_APPLIED;
	if (say_problem(find_problem_of_releases(&overlay)))
		return verbs_bad_usage();
	if (overlay.kind == OVERLAY_OFF_ADDON)
		overlay.cmdline = "kpatch.disable=1";
	return make_overlay(&overlay);
}
