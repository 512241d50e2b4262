// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/root_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"

#define LINKS_MAX 40	/* the kernel's MAXSYMLINKS, include/linux/namei.h */

struct root_walk {
	char *path;		/* PATH_MAX bytes: the root, what is resolved so far */
	size_t root_len;
	char rest[PATH_MAX];	/* what is to be resolved yet */
	size_t tail;		/* bytes of it that come from no link */
	unsigned int links;
	bool keeps_last;	/* the last name may stay a link */
};

static void go_up(const struct root_walk *walk)
{
	char *slash = strrchr(walk->path + walk->root_len, '/');

	if (slash)
		*slash = '\0';
}

/* The kernel says ELOOP of a link that it is not to follow. */
static int fail_for_links(struct root_walk *walk)
{
	CLOSE_FD fd = open(walk->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*walk->rest = '\0';
	return fd < 0 ? -errno : 0;
}

/* Goes on with the text of the link walk->path, and then with @rest behind it. */
static int follow_link(struct root_walk *walk, const char *target, const char *rest)
{
	char joined[PATH_MAX];
	int err = file_path(joined, target, "%s", rest);

	if (err)
		return err;
	if (++walk->links > LINKS_MAX)
		return fail_for_links(walk);
	if (strlen(rest) < walk->tail)
		walk->tail = strlen(rest);
	if (*target == '/')
		walk->path[walk->root_len] = '\0';
	else
		go_up(walk);
	strcpy(walk->rest, joined);
	return 0;
}

/* Resolves @name of @len bytes, below walk->path. Behind it comes @rest. */
static int take_name(struct root_walk *walk, const char *name, size_t len,
		     const char *rest)
{
	bool is_last = !rest[strspn(rest, "/")];
	char target[PATH_MAX];
	ssize_t size;
	int err = file_path(target, walk->path, "/%.*s", (int)len, name);

	if (err)
		return err;
	strcpy(walk->path, target);
	size = is_last && walk->keeps_last ?
		       0 : readlink(walk->path, target, PATH_MAX - 1);
	if (size > 0) {
		target[size] = '\0';
		return follow_link(walk, target, rest);
	}
	/* EINVAL: it is no link. What the path itself names may be missing yet. */
	if (!size || errno == EINVAL || (errno == ENOENT && strlen(rest) < walk->tail)) {
		memmove(walk->rest, rest, strlen(rest) + 1);
		return 0;
	}
	err = -errno;
	if (!file_path(target, walk->path, "%s", rest))
		strcpy(walk->path, target);
	return err;
}

static int resolve(struct root_walk *walk)
{
	int err = 0;

	while (!err) {
		const char *name = walk->rest + strspn(walk->rest, "/");
		size_t len = strcspn(name, "/");

		if (!len)
			break;
		if (len == 2 && !memcmp(name, "..", 2)) {
			go_up(walk);
		} else if (len != 1 || *name != '.') {
			err = take_name(walk, name, len, name + len);
			continue;
		}
		memmove(walk->rest, name + len, strlen(name + len) + 1);
	}
	return err;
}

static int format_below_root(struct root_walk *walk, const char *root, const char *format,
			     va_list args)
{
	char path[PATH_MAX];
	int len = vsnprintf(path, sizeof(path), format, args);
	/* What is cut off here gets a slash, and so is too long. */
	int err = file_path(walk->path, root, "%s%s", path, len < PATH_MAX ? "" : "/");

	if (err || !*root)
		return err;
	walk->root_len = strlen(root);
	strcpy(walk->rest, path);
	walk->path[walk->root_len] = '\0';
	return resolve(walk);
}

int root_path(char *ret, const char *root, const char *format, ...)
{
	struct root_walk walk = { .path = ret, .tail = SIZE_MAX };
	va_list args;
	int err;

	va_start(args, format);
	err = format_below_root(&walk, root, format, args);
	va_end(args);
	return err;
}

int root_path_of_name(char *ret, const char *root, const char *format, ...)
{
	struct root_walk walk = { .path = ret, .tail = SIZE_MAX, .keeps_last = true };
	va_list args;
	int err;

	va_start(args, format);
	err = format_below_root(&walk, root, format, args);
	va_end(args);
	return err;
}

int root_open(const char *root, const char *path)
{
	char found[PATH_MAX];
	int err = root_path(found, root, "%s", path + strlen(root));

	return err ? err : file_open(found);
}

bool root_has(const char *root, const char *path)
{
	char found[PATH_MAX];

	return !root_path(found, root, "%s", path) && !access(found, F_OK);
}

bool root_is_mask(const char *path)
{
	static const char mask[] = "/dev/null";
	char target[sizeof(mask)];

	return readlink(path, target, sizeof(target)) == sizeof(mask) - 1 &&
	       !memcmp(target, mask, sizeof(mask) - 1);
}
