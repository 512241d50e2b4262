// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths below a root: held against what the kernel itself finds there. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit.h"
#include "host/root_path.h"

/* From linux/openat2.h, which musl lacks. */
#define RESOLVE_NO_SYMLINKS	0x04
#define RESOLVE_IN_ROOT		0x10
struct open_how {
	uint64_t flags, mode, resolve;
};

static char root[] = "/tmp/kpatch-early-root-XXXXXX";

static void make(const char *target, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	unlink(path);
	assert_int_equal(0, target ? symlink(target, path) : mkdir(path, 0755));
}

static int make_root(void **state)
{
	(void)state;
	if (!mkdtemp(root))
		return -1;
	make(NULL, "a");
	make(NULL, "a/b");
	make(NULL, "a/b/c");
	make(NULL, "etc");
	return 0;
}

static int remove_root(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static int resolved(const char *path, char *ret)
{
	return root_path(ret, root, "%s", path);
}

/*
 * What the kernel opens, or -errno. It says EAGAIN of a path with ".." while any
 * other process renames or mounts something: see openat2(2).
 */
static int kernel_open(const char *path)
{
	const struct open_how how = { .flags = O_PATH, .resolve = RESOLVE_IN_ROOT };
	int directory = open(root, O_PATH);
	int fd, err;

	do {
		fd = (int)syscall(SYS_openat2, directory, path, &how, sizeof(how));
		err = -errno;
	} while (fd < 0 && err == -EAGAIN);

	close(directory);
	return fd < 0 ? err : fd;
}

/* The same file is found, or none; and no link is left in the path. */
static void compare_with_kernel(const char *path)
{
	const struct open_how how = { .flags = O_PATH | O_NOFOLLOW,
				      .resolve = RESOLVE_NO_SYMLINKS };
	int theirs = kernel_open(path), ours, err;
	struct stat one, other;
	char found[PATH_MAX];

	err = resolved(path, found);
	assert_memory_equal(found, root, strlen(root));
	ours = (int)syscall(SYS_openat2, AT_FDCWD, found, &how, sizeof(how));
	if (theirs < 0) {
		assert_true(err || ours < 0);
		if (err)
			assert_int_equal(theirs, err);
	} else {
		assert_int_equal(0, err);
		assert_int_equal(0, fstat(theirs, &one) || fstat(ours, &other));
		assert_true(one.st_ino == other.st_ino && one.st_dev == other.st_dev);
		close(theirs);
	}
	if (ours >= 0)
		close(ours);
}

static void each_path_leads_where_the_kernel_says(void **state)
{
	static const char *const targets[] = {
		"/a", "a/b", "/", "..", "../../../etc", "/etc/x", "./b/.", "/a/y/c", "x",
		"/etc/../a//b/", "nowhere", "/nowhere/at/all", "y/..", "../x/../z",
	};
	static const char *const names[] = {
		"x", "y", "z", "a/x", "a/y", "a/b/x", "a/b/z", "etc/x", "etc/y",
	};
	static const char *const paths[] = {
		"/x", "/a/x", "/a/b/x", "/x/y/z", "/etc/x/y", "/a/y/x", "/z/z", "/etc/y/b",
		"/a/b/c/d", "/a/b/z/x",
	};

	(void)state;
	if (kernel_open("/") == -ENOSYS)
		skip();
	srandom(1);
	for (int round = 0; round < 3000; round++) {
		make(targets[(size_t)random() % ARRAY_SIZE(targets)],
		     names[(size_t)random() % ARRAY_SIZE(names)]);
		for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
			compare_with_kernel(paths[i]);
	}
}

static void a_name_that_is_to_be_written_stays_a_link(void **state)
{
	char found[PATH_MAX], expected[PATH_MAX];

	(void)state;
	make("/a", "up");
	make("/etc/there", "a/b/file");
	assert_int_equal(0, root_path_of_name(found, root, "/up/b/%s", "file"));
	snprintf(expected, sizeof(expected), "%s/a/b/file", root);
	assert_string_equal(found, expected);
	assert_int_equal(-ENOENT, root_path(found, root, "/up/b/file"));
	snprintf(expected, sizeof(expected), "%s/etc/there", root);
	assert_string_equal(found, expected);
	assert_false(root_has(root, "/up/b/file"));
	assert_true(root_has(root, "/up/b"));
}

static void what_is_not_there_yet_keeps_its_names(void **state)
{
	char found[PATH_MAX], expected[PATH_MAX];

	(void)state;
	make("/a", "up");
	assert_int_equal(0, root_path(found, root, "/up/new/%d", 1));
	snprintf(expected, sizeof(expected), "%s/a/new/1", root);
	assert_string_equal(found, expected);
}

static void too_long_and_too_deep_are_errors(void **state)
{
	static char name[PATH_MAX + 10];
	char found[PATH_MAX];

	(void)state;
	memset(name, 'x', PATH_MAX - 1);
	assert_int_equal(-ENAMETOOLONG, root_path(found, root, "/%s", name));
	assert_int_equal(-ENAMETOOLONG, root_path(found, "", "/%s", name));
	make("loop", "loop");
	assert_int_equal(-ELOOP, root_path(found, root, "/loop"));
	assert_int_equal(-ELOOP, root_path(found, root, "/loop/x"));
}

static void the_running_system_is_left_to_the_kernel(void **state)
{
	char found[PATH_MAX];

	(void)state;
	assert_int_equal(0, root_path(found, "", "/proc/%s/../x", "self"));
	assert_string_equal(found, "/proc/self/../x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_path_leads_where_the_kernel_says),
		cmocka_unit_test(a_name_that_is_to_be_written_stays_a_link),
		cmocka_unit_test(what_is_not_there_yet_keeps_its_names),
		cmocka_unit_test(too_long_and_too_deep_are_errors),
		cmocka_unit_test(the_running_system_is_left_to_the_kernel),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
