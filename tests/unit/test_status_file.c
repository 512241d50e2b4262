// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"
#include "common/paths.h"
#include "common/status_file.h"

static const char *printed(const struct status *status)
{
	static char text[8192];
	FILE *file = tmpfile();
	size_t len;

	assert_int_equal(0, status_print(fileno(file), status));
	rewind(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

static void the_file_has_its_fixed_form(void **state)
{
	struct status_patch patches[2] = {
		{ .name = "lp_a", .outcome = OUTCOME_APPLIED, .step = STEP_DONE, .ms = 12 },
		{ .name = "lp_b", .outcome = OUTCOME_FAILED, .step = STEP_LOAD,
		  .reason = "a \"quoted\" \\ word\n", .fixes = "CVE-1,CVE-2" },
	};
	struct status status = {
		.verdict = "partial: 1 of \"2\"; no", .release = "6.1", .state = BOOT_PARTIAL,
		.reason = "1 of 2 patches failed", .guard = "trying", .set = "0123456789abcdef", .overlay = true,
		.overlay_manifest = "abc", .before_root = true,
		.patches = patches, .count = 2,
	};

	(void)state;
	assert_string_equal(printed(&status),
		"version=1\nverdict=\"partial: 1 of \\\"2\\\"; no\"\nkernel=6.1\nstate=partial\nreason=\"1 of 2 patches failed\"\n"
		"guard=trying\nset=0123456789abcdef\noverlay=yes\noverlay_manifest=abc\nbefore_root=yes\n"
		"patch=lp_a outcome=applied ms=12 step=done reason=\"\"\n"
		"patch=lp_b outcome=failed ms=0 step=load reason=\"a \\\"quoted\\\" \\\\ word \" "
		"fixes=CVE-1,CVE-2\n");
}

static void the_words_are_those_of_the_interface(void **state)
{
	(void)state;
	assert_string_equal(verdict_outcome_word(OUTCOME_APPLIED), "applied");
	assert_string_equal(verdict_outcome_word(OUTCOME_ALREADY), "already");
	assert_string_equal(verdict_outcome_word(OUTCOME_SKIPPED), "skipped");
	assert_string_equal(verdict_outcome_word(OUTCOME_FAILED), "failed");
	assert_string_equal(verdict_state_word(BOOT_APPLIED), "applied");
	assert_string_equal(verdict_state_word(BOOT_PARTIAL), "partial");
	assert_string_equal(verdict_state_word(BOOT_FAILED), "failed");
	assert_string_equal(verdict_state_word(BOOT_NOTHING), "nothing");
	assert_string_equal(verdict_state_word(BOOT_DISABLED), "disabled");
}

static void a_reason_of_full_length_is_escaped_without_loss(void **state)
{
	struct status_patch patch = { .name = "lp_a" };
	struct status status = {
		.release = "6.1", .state = BOOT_FAILED, .verdict = "", .reason = "", .patches = &patch, .count = 1,
	};
	const char *text;
	size_t quotes = 0;

	(void)state;
	memset(patch.reason, '"', REASON_MAX);
	for (text = printed(&status); *text; text++)
		quotes += *text == '\\';
	assert_int_equal(quotes, REASON_MAX);
}

static void a_long_reason_of_the_boot_is_whole(void **state)
{
	char reason[3001], *end = reason;
	struct status status = { .release = "6.1", .state = BOOT_FAILED, .verdict = "", .reason = reason };
	struct status_field field;
	char text[8192], *line;

	(void)state;
	for (int i = 0; i < 3000; i++)
		*end++ = "a\"\\bc"[i % 5];
	*end = '\0';
	strcpy(text, printed(&status));
	line = strstr(text, "reason=");
	assert_non_null(line);
	assert_true(status_next_field(&line, &field));
	assert_string_equal(field.value, reason);
}

static void a_full_disk_is_an_error(void **state)
{
	struct status status = { .release = "6.1", .state = BOOT_NOTHING, .verdict = "", .reason = "" };
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_int_not_equal(0, status_print(fileno(full), &status));
	fclose(full);
}

static void it_is_written_below_the_root_and_overwritten(void **state)
{
	struct status status = { .release = "6.1", .state = BOOT_NOTHING, .verdict = "", .reason = "" };
	char root[] = "/tmp/kpe-status-XXXXXX", path[128], command[128];
	char text[128] = "";
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(0, status_write(root, STATUS_FILE, &status));
	status.state = BOOT_DISABLED;
	assert_int_equal(0, status_write(root, STATUS_FILE, &status));
	snprintf(path, sizeof(path), "%s/run/kpatch-early/status", root);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_not_equal(0, fread(text, 1, sizeof(text) - 1, file));
	fclose(file);
	assert_non_null(strstr(text, "state=disabled"));
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(0, system(command));
}

static void what_was_written_is_read(void **state)
{
	static char text[STATUS_BYTES_MAX];
	static struct status_patch patches[PATCHES_MAX + 1], read[PATCHES_MAX];
	struct status again, status = {
		.release = "6.1", .state = BOOT_PARTIAL, .verdict = "", .reason = "patch=no outcome=one", .guard = "trying",
		.overlay = true, .overlay_manifest = "abc", .before_root = true, .patches = patches,
		.count = PATCHES_MAX + 1,
	};
	char root[] = "/tmp/kpe-status-XXXXXX", command[128];

	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(-ENOENT, status_read(root, text, &again, read));
	assert_int_equal(OUTCOME_APPLIED, status_outcome(root, "lp_3"));
	for (size_t i = 0; i < status.count; i++) {
		snprintf(patches[i].name, sizeof(patches[i].name), "lp_%zu", i);
		snprintf(patches[i].reason, sizeof(patches[i].reason), "a \"quoted\" \\ word");
		patches[i].outcome = (enum outcome)(i % (OUTCOME_FAILED + 1));
		patches[i].step = (enum step)(i % (STEP_DONE + 1));
		patches[i].ms = (unsigned int)i;
	}
	assert_int_equal(0, status_write(root, STATUS_FILE, &status));
	assert_int_equal(0, status_read(root, text, &again, read));
	assert_string_equal(again.release, "6.1");
	assert_string_equal(again.guard, "trying");
	assert_int_equal(again.state, BOOT_PARTIAL);
	assert_true(again.overlay);
	assert_string_equal(again.overlay_manifest, "abc");
	assert_true(again.before_root);
	assert_string_equal(again.reason, "patch=no outcome=one");
	assert_int_equal(again.count, PATCHES_MAX);
	for (size_t i = 0; i < again.count; i++) {
		assert_string_equal(read[i].name, patches[i].name);
		assert_string_equal(read[i].reason, patches[i].reason);
		assert_int_equal(read[i].outcome, patches[i].outcome);
		assert_int_equal(read[i].step, patches[i].step);
		assert_int_equal(read[i].ms, patches[i].ms);
		assert_int_equal(status_outcome(root, patches[i].name), patches[i].outcome);
	}
	assert_int_equal(OUTCOME_APPLIED, status_outcome(root, "lp_"));
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(0, system(command));
}

static void a_state_that_is_not_known_is_no_good_one(void **state)
{
	static struct status_patch patches[PATCHES_MAX];
	static const enum boot_state states[] = {
		BOOT_APPLIED, BOOT_PARTIAL, BOOT_FAILED, BOOT_NOTHING, BOOT_DISABLED,
		BOOT_QUARANTINED,
	};
	char text[64];
	struct status status;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		snprintf(text, sizeof(text), "version=1\nstate=%s\n",
			 verdict_state_word(states[i]));
		status_parse(text, &status, patches);
		assert_int_equal(states[i], status.state);
	}
	strcpy(text, "state=splendid\n");
	status_parse(text, &status, patches);
	assert_int_equal(BOOT_QUARANTINED, status.state);
	strcpy(text, "version=1\n");
	status_parse(text, &status, patches);
	assert_int_equal(BOOT_NOTHING, status.state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_has_its_fixed_form),
		cmocka_unit_test(the_words_are_those_of_the_interface),
		cmocka_unit_test(a_reason_of_full_length_is_escaped_without_loss),
		cmocka_unit_test(a_long_reason_of_the_boot_is_whole),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(it_is_written_below_the_root_and_overwritten),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_state_that_is_not_known_is_no_good_one),
	};

	return cmocka_run_group_tests_name("status_file", tests, NULL, NULL);
}
