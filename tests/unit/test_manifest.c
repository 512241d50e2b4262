// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "unit.h"
#include "common/input/manifest.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SUM "sha256=" HEX

static struct manifest_entry entries[PATCHES_MAX];
static size_t count;

static bool visit(const struct manifest_entry *entry, void *data)
{
	(void)data;
	if (count < PATCHES_MAX)
		entries[count] = *entry;
	count++;
	return true;
}

/* Parses a copy on the heap, of exactly its size, so that ASan sees each byte too far. */
static enum manifest_result parse_bytes(const char *text, size_t len, enum manifest_kind kind,
					struct manifest_error *error)
{
	const struct manifest_reader reader = { .kind = kind, .visit = visit };
	static char *copy;

	free(copy);
	copy = malloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	count = 0;
	*error = (struct manifest_error){ 0 };
	return manifest_parse(copy, len, &reader, error);
}

static enum manifest_result parse(const char *text, enum manifest_kind kind,
				  struct manifest_error *error)
{
	return parse_bytes(text, strlen(text), kind, error);
}

static void a_line_with_every_option_is_understood(void **state)
{
	struct manifest_error error;

	(void)state;
	assert_int_equal(MANIFEST_OK, parse("# comment\n\n \t\n6.1.0-56-amd64\tlp-a.ko  " SUM
				  " buildid=00ff required disabled fixes=CVE-2026-0001,x.1 # why\n",
				  MANIFEST_BAKED, &error));
	assert_int_equal(count, 1);
	assert_string_equal(entries[0].release, "6.1.0-56-amd64");
	assert_string_equal(entries[0].file, "lp-a.ko");
	assert_int_equal(entries[0].line, 4);
	assert_true(entries[0].required && entries[0].disabled && entries[0].pinned);
	assert_int_equal(entries[0].sha256[1], 0x23);
	assert_int_equal(entries[0].build_id_len, 2);
	assert_int_equal(entries[0].build_id[1], 0xff);
	assert_string_equal(entries[0].fixes, "CVE-2026-0001,x.1");
}

static void good_texts_are_accepted(void **state)
{
	static const struct {
		const char *text;
		enum manifest_kind kind;
		size_t count;
	} cases[] = {
		{ "", MANIFEST_BAKED, 0 },
		{ "\n", MANIFEST_BAKED, 0 },
		{ "# only a comment", MANIFEST_BAKED, 0 },
		{ "6.1 a.ko " SUM, MANIFEST_BAKED, 1 },		/* no newline at the end */
		{ "6.1 a.ko\n", MANIFEST_DROP_IN, 1 },
		{ "6.1 a.ko " SUM "\n6.2 a.ko " SUM "\n", MANIFEST_BAKED, 2 },
		{ "6.1 0+a_b-c.d.ko\n", MANIFEST_DROP_IN, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct manifest_error error;

		assert_int_equal(MANIFEST_OK, parse(cases[i].text, cases[i].kind, &error));
		assert_int_equal(count, cases[i].count);
	}
}

static void each_wrong_line_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *line, *reason;
	} cases[] = {
		{ "6.1", "file name is missing" },
		{ "6.1 # a.ko", "file name is missing" },
		{ "/6.1 a.ko " SUM, "begin with a letter or a digit" },
		{ "6/1 a.ko " SUM, "without blanks and slashes" },
		{ ".. a.ko " SUM, "begin with a letter or a digit" },
		{ "6.1 a " SUM, "end in .ko" },
		{ "6.1 .ko " SUM, "begin with a letter or a digit" },
		{ "6.1 -a.ko " SUM, "begin with a letter or a digit" },
		{ "6.1 x/a.ko " SUM, "only letters" },
		{ "6.1 a.ko.xz " SUM, "end in .ko" },
		{ "6.1 a.ko", "sha256= is missing" },
		{ "6.1 a.ko required", "sha256= is missing" },
		{ "6.1 a.ko sha256=", "64 lowercase hex" },
		{ "6.1 a.ko sha256=0123", "64 lowercase hex" },
		{ "6.1 a.ko " SUM "00", "64 lowercase hex" },
		{ "6.1 a.ko sha256=ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		  "64 lowercase hex" },
		{ "6.1 a.ko sha256=g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		  "64 lowercase hex" },
		{ "6.1 a.ko " SUM " " SUM, "sha256= twice" },
		{ "6.1 a.ko " SUM " buildid=", "buildid= needs" },
		{ "6.1 a.ko " SUM " buildid=123", "buildid= needs" },
		{ "6.1 a.ko " SUM " buildid=12 buildid=12", "buildid= twice" },
		{ "6.1 a.ko " SUM " buildid=" HEX "00", "buildid= needs" },
		{ "6.1 a.ko " SUM " required required", "twice" },
		{ "6.1 a.ko " SUM " fixes=", "fixes= needs" },
		{ "6.1 a.ko " SUM " fixes=,", "fixes= needs" },
		{ "6.1 a.ko " SUM " fixes=a,", "fixes= needs" },
		{ "6.1 a.ko " SUM " fixes=,a", "fixes= needs" },
		{ "6.1 a.ko " SUM " fixes=a,,b", "fixes= needs" },
		{ "6.1 a.ko " SUM " fixes=a_b", "fixes= needs" },
		{ "6.1 a.ko " SUM " fixes=\"a\"", "fixes= needs" },
		{ "6.1 a.ko " SUM " fixes=a fixes=b", "fixes= twice" },
		{ "6.1 a.ko " SUM " optional", "unknown option" },
		{ "6.1 a.ko " SUM " Required", "unknown option" },
		{ "6.1 a.ko " SUM " required=1", "unknown option" },
		{ "6.1 a.ko " SUM "\r", "carriage return" },
		{ "6.1 a.ko " SUM " \x01", "not printable ASCII" },
		{ "6.1 \xc3\xa4.ko " SUM, "not printable ASCII" },
		{ "6.0 first.ko " SUM, "already has a line" },
		{ "6.0 fir-st.ko " SUM "\n6.0 fir_st.ko " SUM, "already has a line" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct manifest_error error;
		char text[1024];
		unsigned int line = strchr(cases[i].line, '\n') ? 3 : 2;

		snprintf(text, sizeof(text), "6.0 first.ko " SUM "\n%s\n6.0 last.ko " SUM "\n",
			 cases[i].line);
		assert_int_equal(MANIFEST_WRONG_LINE, parse(text, MANIFEST_BAKED, &error));
		assert_int_equal(line, error.line);
		assert_non_null(strstr(error.reason, cases[i].reason));
	}
}

static void a_nul_byte_is_refused(void **state)
{
	static const char text[] = "6.1 a.ko\0 " SUM "\n";
	struct manifest_error error;

	(void)state;
	assert_int_equal(MANIFEST_WRONG_LINE, parse_bytes(text, sizeof(text) - 1, MANIFEST_BAKED, &error));
	assert_string_equal(error.reason, "a NUL byte");
}

/* Writes @lines lines for different modules to a new text. */
static char *many_lines(unsigned int lines)
{
	char *text = malloc(lines * 32 + 1), *p = text;

	for (unsigned int i = 0; i < lines; i++)
		p += sprintf(p, "6.1 m%u.ko\n", i);
	return text;
}

static void lines_up_to_the_limit_are_read(void **state)
{
	struct manifest_error error;
	char *text = many_lines(MANIFEST_LINES_MAX);

	(void)state;
	assert_int_equal(MANIFEST_OK, parse(text, MANIFEST_DROP_IN, &error));
	assert_int_equal(count, MANIFEST_LINES_MAX);
	assert_true(MANIFEST_LINES_MAX >= 4096 && PATCHES_MAX >= 256);
	free(text);
}

/* The table of what was there grows with the text, so lines as short as can be must fit, whatever came before. */
static void the_shortest_lines_are_read_and_remembered(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	struct manifest_error error;
	char text[4096];

	(void)state;
	for (int kind = MANIFEST_BAKED; kind <= MANIFEST_DROP_IN; kind++)
		for (int lines = 1; lines <= 26; lines++) {
			char *p = text;

			for (int i = 0; i < lines; i++)
				p += sprintf(p, "6 %c.ko%s\n", letters[i], kind == MANIFEST_BAKED ? " " SUM : "");
			assert_int_equal(MANIFEST_OK, parse_bytes(text, (size_t)(p - text), kind, &error));
			assert_int_equal(count, lines);
			sprintf(p, "6 a.ko%s", kind == MANIFEST_BAKED ? " " SUM : "");
			assert_int_equal(MANIFEST_WRONG_LINE, parse(text, kind, &error));
			assert_int_equal(error.line, lines + 1);
			assert_non_null(strstr(error.reason, "already has a line"));
		}
}

static void a_hundred_thousand_lines_are_an_error(void **state)
{
	struct manifest_error error;
	char *text = many_lines(100000);

	(void)state;
	assert_int_equal(MANIFEST_WRONG_LINE, parse(text, MANIFEST_DROP_IN, &error));
	assert_int_equal(error.line, MANIFEST_LINES_MAX + 1);
	assert_non_null(strstr(error.reason, "lines"));
	free(text);
}

static void a_line_over_the_limit_is_refused(void **state)
{
	char text[MANIFEST_LINE_MAX + 2];
	struct manifest_error error;

	(void)state;
	memset(text, '#', sizeof(text));
	text[MANIFEST_LINE_MAX] = '\0';
	assert_int_equal(MANIFEST_OK, parse(text, MANIFEST_BAKED, &error));
	text[MANIFEST_LINE_MAX] = '#';
	text[MANIFEST_LINE_MAX + 1] = '\0';
	assert_int_equal(MANIFEST_WRONG_LINE, parse(text, MANIFEST_BAKED, &error));
	assert_non_null(strstr(error.reason, "longer than"));
}

/* A list of @words words of @len bytes each. */
static enum manifest_result parse_fixes(size_t words, size_t len)
{
	char text[4096] = "6.1 a.ko fixes=", *end = text + strlen(text);
	struct manifest_error error;
	enum manifest_result result;

	for (size_t i = 0; i < words; i++) {
		memset(end, 'a', len);
		end += len;
		*end++ = i + 1 < words ? ',' : '\0';
	}
	result = parse(text, MANIFEST_DROP_IN, &error);
	if (result != MANIFEST_OK)
		assert_non_null(strstr(error.reason, "fixes= needs"));
	return result;
}

static void more_fixes_than_the_limits_are_refused(void **state)
{
	(void)state;
	assert_int_equal(MANIFEST_OK, parse_fixes(FIXES_MAX, 15));
	assert_int_equal(MANIFEST_WRONG_LINE, parse_fixes(FIXES_MAX + 1, 1));
	assert_int_equal(MANIFEST_OK, parse_fixes(1, FIXES_BYTES_MAX));
	assert_int_equal(MANIFEST_WRONG_LINE, parse_fixes(1, FIXES_BYTES_MAX + 1));
	assert_int_equal(MANIFEST_WRONG_LINE, parse_fixes(FIXES_MAX, 16));
}

static void names_over_their_limits_are_refused(void **state)
{
	char name[FILE_NAME_MAX + 2], release[RELEASE_MAX + 2];

	(void)state;
	memset(name, 'a', sizeof(name));
	strcpy(name + FILE_NAME_MAX - 3, ".ko");
	assert_null(manifest_check_file_name(name));
	strcpy(name + FILE_NAME_MAX - 3, "a.ko");
	assert_non_null(manifest_check_file_name(name));
	memset(release, '6', sizeof(release));
	release[RELEASE_MAX] = '\0';
	assert_null(manifest_check_release(release));
	release[RELEASE_MAX] = '6';
	release[RELEASE_MAX + 1] = '\0';
	assert_non_null(manifest_check_release(release));
}

static bool stop(const struct manifest_entry *entry, void *data)
{
	(void)entry, (void)data;
	return false;
}

static void the_visitor_can_end_the_parsing(void **state)
{
	char text[] = "6.1 a.ko\n6.1 wrong\n";
	struct manifest_error error = { 0 };
	const struct manifest_reader reader = { MANIFEST_DROP_IN, stop, NULL };

	(void)state;
	assert_int_equal(MANIFEST_STOPPED, manifest_parse(text, strlen(text), &reader, &error));
	assert_int_equal(error.line, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_with_every_option_is_understood),
		cmocka_unit_test(good_texts_are_accepted),
		cmocka_unit_test(each_wrong_line_is_refused_with_its_reason),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(lines_up_to_the_limit_are_read),
		cmocka_unit_test(the_shortest_lines_are_read_and_remembered),
		cmocka_unit_test(a_hundred_thousand_lines_are_an_error),
		cmocka_unit_test(a_line_over_the_limit_is_refused),
		cmocka_unit_test(more_fixes_than_the_limits_are_refused),
		cmocka_unit_test(names_over_their_limits_are_refused),
		cmocka_unit_test(the_visitor_can_end_the_parsing),
	};

	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
