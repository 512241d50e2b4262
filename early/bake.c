// SPDX-License-Identifier: GPL-2.0-or-later
/* The bake verb: the only writer of the tree that apply reads. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "file.h"
#include "loader.h"
#include "manifest.h"
#include "names.h"
#include "result.h"
#include "store.h"
#include "text.h"
#include "tools.h"
#include "verbs.h"

#define RELEASES_MAX 64
#define LINES_MAX (MANIFEST_LINES_MAX - 1)	/* one line of the file is the heading */

struct baked {
	struct manifest_entry entry;
	char file[FILE_NAME_MAX + 1];
	char module[MODULE_NAME_MAX + 1];
};

static struct {
	const char *root, *output;
	bool strip;
	char *const *files;
	const char *releases[RELEASES_MAX];
	size_t release_count;
	struct baked lines[LINES_MAX];	/* the manifest to be written */
	size_t count;
	size_t release_start;			/* where the lines of this release begin */
	bool refused;				/* some patch is not baked */
	bool broken;				/* the tree cannot be written */
} bake;

static void say(const char *sentence)
{
	fprintf(stderr, "kpatch-early: bake: %s\n", sentence);
}

/* Says why @name is not baked. Always false. */
static bool refuse(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(const char *name, const char *format, ...)
{
	char reason[PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	fprintf(stderr, "kpatch-early: bake: %s: %s; it is not baked\n", name, reason);
	bake.refused = true;
	return false;
}

/* The tree at @path cannot be written: bake ends, the manifest stays as it is. Always false. */
static bool give_up(const char *path, int err)
{
	fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is not written\n", path,
		strerror(abs(err)));
	bake.broken = true;
	return false;
}

static bool is_asked_for(const char *release)
{
	for (size_t i = 0; i < bake.release_count; i++)
		if (!strcmp(bake.releases[i], release))
			return true;
	return false;
}

static int keep_line(const struct manifest_entry *entry, void *unused)
{
	struct baked *line;

	(void)unused;
	if (is_asked_for(entry->release))
		return 0;
	if (bake.count == LINES_MAX)
		return -E2BIG;
	line = &bake.lines[bake.count];
	line->entry = *entry;
	memcpy(line->file, entry->file, strlen(entry->file) + 1);
	bake.count++;
	return 0;
}

/* Takes over the lines of other kernels from the manifest that is there. */
static bool keep_other_releases(void)
{
	static char text[MANIFEST_BYTES_MAX + 2];
	struct manifest_error error = { 0 };
	char path[PATH_MAX];
	ssize_t len;
	int err;

	len = file_path(path, bake.output, MANIFEST_FILE);
	if (!len)
		len = file_read(path, text, sizeof(text));
	if (len == -ENOENT)
		return true;
	if (len < 0)
		return refuse(path, "%s", result_errno_text((int)len));
	err = manifest_parse(text, (size_t)len, MANIFEST_BAKED, keep_line, NULL, &error);
	if (err == -E2BIG)
		return refuse(path, "it has more lines than bake can keep");
	if (err)
		return refuse(path, "line %u: %s; remove it to begin anew", error.line,
			      error.reason);
	return true;
}

/* The copy at @fd is for @release, and its name is free. Fills @line->module. */
static bool check_module(int fd, const struct candidate *candidate, struct baked *line)
{
	const char *release = candidate->entry.release;
	struct modinfo info;
	int err = loader_modinfo(fd, &info);

	if (err)
		return refuse(candidate->source, "%s", result_errno_text(err));
	if (!info.livepatch)
		return refuse(candidate->source, "it is not a live patch (no livepatch=Y)");
	if (strcmp(info.release, release)) {
		/* Of several releases, another one's turn. */
		if (*bake.files && is_asked_for(info.release))
			return false;
		return refuse(candidate->source, "it is for kernel %s, not %s",
			      info.release[0] ? info.release : "(none)", release);
	}
	if (text_module_name(info.name[0] ? info.name : line->file, line->module,
			     sizeof(line->module)))
		return refuse(candidate->source, "its module name is too long");
	for (size_t i = bake.release_start; i < bake.count; i++)
		if (!strcmp(bake.lines[i].module, line->module))
			return refuse(candidate->source, "%s has the same module name, %s",
				      bake.lines[i].file, line->module);
	return true;
}

/* A pin is the digest of the module as it was built: uncompressed, not stripped. */
static bool check_pin(int fd, const struct candidate *candidate)
{
	unsigned char digest[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1];
	int err = digest_file(fd, digest);

	if (err)
		return refuse(candidate->source, "%s", result_errno_text(err));
	if (!candidate->entry.pinned || !memcmp(digest, candidate->entry.sha256, DIGEST_BYTES))
		return true;
	text_to_hex(digest, DIGEST_BYTES, hex);
	return refuse(candidate->source, "its SHA-256 is %s, not the one pinned in a drop-in", hex);
}

static long long size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : (long long)st.st_size;
}

/* strip writes a new file, so @fd is opened anew. */
static bool strip_module(int *fd, const char *temporary, const struct candidate *candidate)
{
	struct modinfo info;
	int err;

	if (!bake.strip)
		return true;
	if (!loader_modinfo(*fd, &info) && info.is_signed) {
		fprintf(stderr, "kpatch-early: bake: %s: signed, so it is not stripped\n",
			candidate->source);
		return true;
	}
	err = tools_strip(temporary);
	if (err)
		return refuse(candidate->source, err == -ENOENT ?
			      "strip (of binutils) is not installed" : "strip failed");
	file_close(fd);
	*fd = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return refuse(candidate->source, "%s", strerror(errno));
	fchmod(*fd, 0644);
	return true;
}

/* Makes @fd, a new file at @temporary, the checked copy of the candidate. */
static bool fill(int *fd, const char *temporary, const struct candidate *candidate,
		 struct baked *line)
{
	CLOSE_FD source = open(candidate->source, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	long long before;
	int err;

	if (source < 0 || fstat(source, &st))
		return refuse(candidate->source, "%s", result_errno_text(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(candidate->source, "it is not a regular file");
	err = tools_decompress(source, candidate->source, *fd);
	if (err == -ENOENT)
		return refuse(candidate->source, "the program to unpack it is not installed");
	if (err == -EBADMSG || err == -EFBIG)
		return refuse(candidate->source, "it cannot be unpacked: %s", result_errno_text(err));
	if (err)
		return give_up(temporary, err);
	before = size_of(*fd);
	if (!check_module(*fd, candidate, line) || !check_pin(*fd, candidate) ||
	    !strip_module(fd, temporary, candidate))
		return false;
	err = digest_file(*fd, line->entry.sha256);
	if (err)
		return refuse(candidate->source, "%s", result_errno_text(err));
	printf("baked %s for %s, %lld bytes", line->file, line->entry.release, size_of(*fd));
	if (bake.strip)
		printf(" (%lld bytes of debug sections saved)", before - size_of(*fd));
	putchar('\n');
	return true;
}

static bool bake_candidate(const struct candidate *candidate)
{
	struct baked *line;
	const char *reason = manifest_check_file_name(candidate->entry.file);
	char path[PATH_MAX], temporary[PATH_MAX];
	int err;

	if (reason)
		return refuse(candidate->source, "%s", reason);
	if (bake.count == LINES_MAX)
		return refuse(candidate->source, "the manifest is full");
	line = &bake.lines[bake.count];
	line->entry = candidate->entry;
	memcpy(line->file, candidate->entry.file, strlen(candidate->entry.file) + 1);
	err = file_path(path, bake.output, PATCHES_FOLDER "/%s/%s", line->entry.release, line->file);
	if (!err)
		err = file_make_parents(path);
	CLOSE_FD fd = err ? err : file_create_beside(path, temporary);
	if (fd < 0)
		return give_up(path, fd);
	if (!fill(&fd, temporary, candidate, line)) {
		unlink(temporary);
		return false;
	}
	err = file_commit(fd, temporary, path);
	if (err)
		return give_up(path, err);
	bake.count++;
	return true;
}

/* Returns an exit status. */
static int bake_release(const char *release)
{
	static struct candidates candidates;
	int err = store_resolve(bake.root, release, bake.files, say, &candidates);

	if (err) {
		fprintf(stderr, "kpatch-early: bake: %s: %s; the manifest is not written\n", release,
			err == -EINVAL ? "wrong drop-in" : err == -E2BIG ?
			"more patches than the limit" : result_errno_text(err));
		return EXIT_BAD_INPUT;
	}
	bake.release_start = bake.count;
	for (size_t i = 0; i < candidates.count && !bake.broken; i++)
		bake_candidate(&candidates.list[i]);
	if (bake.broken)
		return EXIT_NOT_APPLIED;
	if (bake.count == bake.release_start)
		printf("no patch for %s\n", release);
	bake.refused |= candidates.required_missing;
	return EXIT_OK;
}

static bool print_line(int fd, const struct baked *line)
{
	const struct manifest_entry *entry = &line->entry;
	char digest[2 * SHA256_BYTES + 1], build_id[2 * BUILD_ID_BYTES_MAX + 1];

	text_to_hex(entry->sha256, SHA256_BYTES, digest);
	text_to_hex(entry->build_id, entry->build_id_len, build_id);
	return dprintf(fd, "%s %s sha256=%s%s%s%s%s\n", entry->release, line->file, digest,
		       entry->build_id_len ? " buildid=" : "", build_id,
		       entry->required ? " required" : "",
		       entry->disabled ? " disabled" : "") > 0;
}

/* The first release behind @after in the order of their bytes, or NULL. */
static const char *next_release(const char *after)
{
	const char *next = NULL;

	for (size_t i = 0; i < bake.count; i++) {
		const char *release = bake.lines[i].entry.release;

		if (strcmp(release, after) > 0 && (!next || strcmp(release, next) < 0))
			next = release;
	}
	return next;
}

/* Releases sorted, so that the same input gives the same bytes in whichever order it came. */
static bool print_lines(int fd)
{
	bool ok = dprintf(fd, "# Written by kpatch-early bake: kernel release, module, options.\n") > 0;

	for (const char *release = next_release(""); release; release = next_release(release))
		for (size_t i = 0; i < bake.count; i++)
			if (ok && !strcmp(bake.lines[i].entry.release, release))
				ok = print_line(fd, &bake.lines[i]);
	return ok;
}

static bool write_manifest(void)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err = file_path(path, bake.output, MANIFEST_FILE);

	if (!err)
		err = file_make_parents(path);
	CLOSE_FD fd = err ? err : file_create_beside(path, temporary);
	if (fd < 0)
		return give_up(path, fd);
	errno = 0;
	if (!print_lines(fd)) {
		err = errno;
		unlink(temporary);
		return give_up(path, err ? err : EIO);
	}
	err = file_commit(fd, temporary, path);
	return err ? give_up(path, err) : true;
}

static bool is_in_manifest(const char *release, const char *file)
{
	for (size_t i = 0; i < bake.count; i++)
		if (!strcmp(bake.lines[i].entry.release, release) &&
		    !strcmp(bake.lines[i].file, file))
			return true;
	return false;
}

/* What an earlier bake wrote for @release and this one did not. */
static void remove_stale(const char *release)
{
	static struct names names;
	char folder[PATH_MAX], path[PATH_MAX];

	names_clear(&names);
	if (file_path(folder, bake.output, PATCHES_FOLDER "/%s", release) ||
	    names_add_folder(&names, folder, ".ko"))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (!is_in_manifest(release, names.name[i]) &&
		    !file_path(path, folder, "/%s", names.name[i]))
			unlink(path);
	rmdir(folder);	/* fails, as it should, unless it is empty */
}

static int bake_all(void)
{
	if (!keep_other_releases())
		return EXIT_BAD_INPUT;
	for (size_t i = 0; i < bake.release_count; i++) {
		int ret = bake_release(bake.releases[i]);

		if (ret != EXIT_OK)
			return ret;
	}
	if (!write_manifest())
		return EXIT_NOT_APPLIED;
	for (size_t i = 0; i < bake.release_count; i++)
		remove_stale(bake.releases[i]);
	return fflush(stdout) || bake.refused ? EXIT_NOT_APPLIED : EXIT_OK;
}

/* Takes one -k. False, with a message, if it can't be a release or is there already. */
static bool add_release(const char *release)
{
	const char *reason = manifest_check_release(release);

	if (!reason && strpbrk(release, " \t\n"))
		reason = "a kernel release has no blank";
	if (!reason && bake.release_count == RELEASES_MAX)
		reason = "too many kernel releases";
	if (reason) {
		fprintf(stderr, "kpatch-early: bake: -k %s: %s\n", release, reason);
		return false;
	}
	if (!is_asked_for(release))
		bake.releases[bake.release_count++] = release;
	return true;
}

int bake_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "root", required_argument, NULL, 'r' },
		{ "output", required_argument, NULL, 'o' },
		{ "strip", no_argument, NULL, 's' },
		{ 0 },
	};
	int option;

	bake.root = "";
	while ((option = getopt_long(argc, argv, "k:", options, NULL)) != -1) {
		if (option == 'k' && !add_release(optarg))
			return verbs_bad_usage();
		if (option == 'r')
			bake.root = optarg;
		if (option == 'o')
			bake.output = optarg;
		if (option == 's')
			bake.strip = true;
		if (option == '?')
			return verbs_bad_usage();
	}
	if (!bake.release_count) {
		say("-k RELEASE is missing");
		return verbs_bad_usage();
	}
	if (*bake.root && access(bake.root, X_OK)) {
		fprintf(stderr, "kpatch-early: bake: --root %s: %s\n", bake.root, strerror(errno));
		return verbs_bad_usage();
	}
	bake.files = argv + optind;
	bake.output = bake.output ? bake.output : bake.root;
	return bake_all();
}
