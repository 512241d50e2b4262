// SPDX-License-Identifier: GPL-2.0-or-later
/* What fake roots tell of patches: the kernel's own directory, and both of kpatch's core module. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "common/file.h"
#include "common/module/core_module.h"
#include "common/module/livepatch.h"

#define OWN	"/sys/kernel/livepatch"
#define CORE	"/sys/kernel/kpatch"
#define OLD	CORE "/patches"

static const char *const cores[] = { OLD, CORE };
static char root[PATH_MAX];

static int make_root(void **state)
{
	(void)state;
	strcpy(root, "/tmp/kpatch-early-sys-XXXXXX");
	return !mkdtemp(root);
}

static int remove_root(void **state)
{
	char command[PATH_MAX + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

/* Writes @text to the file of this name. With NULL, it makes the directory. */
static void put(const char *directory, const char *name, const char *text)
{
	char path[PATH_MAX];

	assert_int_equal(0, file_path(path, root, "%s/%s", directory, name));
	assert_int_equal(0, file_make_parents(path));
	if (text)
		assert_int_equal(0, file_put(path, O_CREAT | O_TRUNC, text));
	else
		assert_int_equal(0, mkdir(path, 0755));
}

static void without_any_directory_there_is_no_patch(void **state)
{
	(void)state;
	assert_string_equal(livepatch_directory(root, ""), OWN);
	assert_false(livepatch_is_by_core(root));
	assert_int_equal(livepatch_state(root, "lp_a"), LIVEPATCH_ABSENT);
}

static void the_core_has_no_transition(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cores); i++) {
		make_root(state);
		put(cores[i], "lp_a/enabled", "1\n");
		put(cores[i], "lp_b/enabled", "0\n");
		put(cores[i], "lp_c/checksum", "x\n");
		assert_true(livepatch_is_by_core(root));
		assert_string_equal(livepatch_directory(root, ""), cores[i]);
		assert_string_equal(livepatch_directory(root, "lp_a"), cores[i]);
		assert_int_equal(livepatch_state(root, "lp_a"), LIVEPATCH_ENABLED);
		assert_int_equal(livepatch_state(root, "lp_b"), LIVEPATCH_DISABLED);
		assert_int_equal(livepatch_state(root, "lp_c"), LIVEPATCH_ABSENT);
		assert_int_equal(livepatch_state(root, "lp_d"), LIVEPATCH_ABSENT);
		put(cores[i], "lp_a/enabled", "");
		assert_int_equal(livepatch_state(root, "lp_a"), LIVEPATCH_UNKNOWN);
		assert_false(livepatch_is_busy(root, "lp_a"));
		remove_root(state);
	}
}

static void in_the_kernels_own_directory_a_missing_transition_is_unknown(void **state)
{
	(void)state;
	put(OWN, "lp_a/enabled", "1\n");
	assert_int_equal(livepatch_state(root, "lp_a"), LIVEPATCH_UNKNOWN);
	put(OWN, "lp_a/transition", "1\n");
	assert_int_equal(livepatch_state(root, "lp_a"), LIVEPATCH_ENABLING);
	put(OWN, "lp_a/transition", "0\n");
	assert_int_equal(livepatch_state(root, "lp_a"), LIVEPATCH_ENABLED);
}

static void a_patch_is_turned_off_where_it_is(void **state)
{
	char path[PATH_MAX], text[8];

	for (size_t i = 0; i < ARRAY_SIZE(cores); i++) {
		make_root(state);
		put(cores[i], "lp_a/enabled", "1\n");
		assert_int_equal(0, livepatch_reverse(root, "lp_a"));
		assert_int_equal(0, file_path(path, root, "%s/lp_a/enabled", cores[i]));
		assert_int_equal(2, file_read(path, text, sizeof(text)));
		assert_string_equal(text, "0\n");
		assert_true(livepatch_reverse(root, "lp_gone") < 0);
		remove_root(state);
	}
}

/* Loaded by hand with replace=1, it has turned the others off. */
static void with_the_core_a_patchs_parameter_says_whether_it_replaces(void **state)
{
	(void)state;
	put(CORE, "lp_a/enabled", "1\n");
	assert_false(livepatch_may_replace(root, "lp_a"));
	put("/sys/module", "lp_a/parameters/replace", "N\n");
	assert_false(livepatch_may_replace(root, "lp_a"));
	assert_false(livepatch_replaces(root, "lp_a"));
	put("/sys/module", "lp_a/parameters/replace", "Y\n");
	assert_true(livepatch_may_replace(root, "lp_a"));
	assert_true(livepatch_replaces(root, "lp_a"));
	/* That of a patch which the kernel itself knows is its own business. */
	put(OWN, "lp_b/replace", "0\n");
	put("/sys/module", "lp_b/parameters/replace", "Y\n");
	assert_false(livepatch_may_replace(root, "lp_b"));
}

static void a_kernel_with_both_tells_of_each_patch_where_it_is(void **state)
{
	(void)state;
	put(OWN, "lp_a/enabled", "1\n");
	put(OWN, "lp_a/transition", "1\n");
	put(CORE, "lp_b/enabled", "1\n");
	assert_string_equal(livepatch_directory(root, ""), OWN);
	assert_int_equal(livepatch_state(root, "lp_a"), LIVEPATCH_ENABLING);
	assert_int_equal(livepatch_state(root, "lp_b"), LIVEPATCH_ENABLED);
}

static void functions_are_not_read_from_the_core(void **state)
{
	struct livepatch_functions functions = { 0 };

	(void)state;
	put(OLD, "lp_a/functions/f/old_addr", "0\n");
	assert_false(livepatch_add_functions(root, "lp_a", &functions));
	assert_int_equal(0, functions.used);
}

static void only_the_whole_word_names_the_core(void **state)
{
	static const char *const needed[] = { "kpatch", "kpatch,a", "a,kpatch", "a,kpatch,b" };
	static const char *const not_needed[] = { "", "a", "kpatch_a", "a_kpatch", "kpatc", "a,kpatch1,b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		assert_true(core_module_is_needed(needed[i]));
	for (size_t i = 0; i < ARRAY_SIZE(not_needed); i++)
		assert_false(core_module_is_needed(not_needed[i]));
}

#define in_root(function) cmocka_unit_test_setup_teardown(function, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(without_any_directory_there_is_no_patch),
		cmocka_unit_test(the_core_has_no_transition),
		in_root(in_the_kernels_own_directory_a_missing_transition_is_unknown),
		cmocka_unit_test(a_patch_is_turned_off_where_it_is),
		in_root(with_the_core_a_patchs_parameter_says_whether_it_replaces),
		in_root(a_kernel_with_both_tells_of_each_patch_where_it_is),
		in_root(functions_are_not_read_from_the_core),
		cmocka_unit_test(only_the_whole_word_names_the_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
