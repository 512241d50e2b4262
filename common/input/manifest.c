// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/input/manifest.h"

#include <stdint.h>
#include <string.h>

#include "common/text.h"

#define STR_(x) #x
#define STR(x) STR_(x)

/* The hash table has at least two slots a line, and a power of two of them. */
#define SLOTS_MAX (2 * MANIFEST_LINES_MAX)
#define LINE_BYTES_MIN 6	/* r m.ko */
#define BAKED_BYTES_MIN (LINE_BYTES_MIN + 8 + 2 * SHA256_BYTES)	/* and sha256=... */

/* A line that was parsed before. */
struct seen_line {
	const char *release, *file;
};

struct parser {
	const struct manifest_reader *reader;
	struct seen_line *seen;		/* a hash table */
	uint32_t slots;			/* of the table */
};

const char *manifest_check_file_name(const char *file)
{
	size_t len = strlen(file);

	if (len > FILE_NAME_MAX)
		return "the file name is longer than " STR(FILE_NAME_MAX) " bytes";
	if (!text_is_alnum(file[0]))
		return "a file name must begin with a letter or a digit";
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(file[i]) && !strchr("._+-", file[i]))
			return "a file name may hold only letters, digits and . _ + -";
	if (len <= 3 || strcmp(file + len - 3, ".ko"))
		return "a file name must end in .ko";
	return NULL;
}

const char *manifest_check_release(const char *release)
{
	if (strlen(release) > RELEASE_MAX)
		return "the kernel release is longer than " STR(RELEASE_MAX) " bytes";
	if (!text_is_alnum(release[0]))
		return "a kernel release must begin with a letter or a digit";
	for (; *release; release++)
		if (*release == '/' || *release <= ' ' || *release > '~')
			return "a kernel release is printable ASCII "
			       "without blanks and slashes";
	return NULL;
}

static const char *set_option_flag(bool *flag)
{
	if (*flag)
		return "the same option twice";
	*flag = true;
	return NULL;
}

static const char *set_sha256(struct manifest_entry *entry, const char *hex)
{
	if (entry->pinned)
		return "sha256= twice";
	if (text_from_hex(hex, entry->sha256, SHA256_BYTES) != SHA256_BYTES)
		return "sha256= needs exactly 64 lowercase hex digits";
	entry->pinned = true;
	return NULL;
}

static const char *set_build_id(struct manifest_entry *entry, const char *hex)
{
	if (entry->build_id_len)
		return "buildid= twice";
	entry->build_id_len = text_from_hex(hex, entry->build_id, BUILD_ID_BYTES_MAX);
	if (!entry->build_id_len)
		return "buildid= needs an even number of lowercase hex digits, "
		       "at most 64";
	return NULL;
}

/* Whether words of letters, digits, '.' and '-' have one comma between them. */
static bool is_list_of_fixes(const char *list)
{
	size_t words = 1, len = 0, i;

	for (i = 0; list[i]; i++) {
		if (list[i] == ',' && len) {
			words++;
			len = 0;
		} else if (text_is_alnum(list[i]) || list[i] == '.' || list[i] == '-') {
			len++;
		} else {
			return false;
		}
	}
	return len && words <= FIXES_MAX && i <= FIXES_BYTES_MAX;
}

static const char *set_fixes(struct manifest_entry *entry, const char *list)
{
	if (entry->fixes)
		return "fixes= twice";
	if (!is_list_of_fixes(list))
		return "fixes= needs words of letters, digits, . and - with commas "
		       "between, at most " STR(FIXES_MAX) " and "
		       STR(FIXES_BYTES_MAX) " bytes";
	entry->fixes = list;
	return NULL;
}

static const char *parse_option(struct manifest_entry *entry, const char *word)
{
	if (!strcmp(word, "required"))
		return set_option_flag(&entry->required);
	if (!strcmp(word, "disabled"))
		return set_option_flag(&entry->disabled);
	if (!strncmp(word, "sha256=", 7))
		return set_sha256(entry, word + 7);
	if (!strncmp(word, "buildid=", 8))
		return set_build_id(entry, word + 8);
	if (!strncmp(word, "fixes=", 6))
		return set_fixes(entry, word + 6);
	return "unknown option";
}

/*
 * Fills @entry from one line. Sets *@ret_empty for a comment or an empty line. Returns
 * NULL, or why the line is wrong.
 */
static const char *parse_manifest_line(enum manifest_kind kind, char *line,
				       struct manifest_entry *entry, bool *ret_empty)
{
	const char *reason, *word;

	entry->release = text_next_word(&line);
	*ret_empty = !entry->release || entry->release[0] == '#';
	if (*ret_empty)
		return NULL;
	reason = manifest_check_release(entry->release);
	if (reason)
		return reason;
	entry->file = text_next_word(&line);
	if (!entry->file || entry->file[0] == '#')
		return "a module's file name is missing after the kernel release";
	reason = manifest_check_file_name(entry->file);
	while (!reason && (word = text_next_word(&line)) && word[0] != '#')
		reason = parse_option(entry, word);
	if (!reason && kind == MANIFEST_BAKED && !entry->pinned)
		return "sha256= is missing";
	return reason;
}

/* '-' and '_' are one character in a module's name. */
static char fold_dash(char c)
{
	return c == '-' ? '_' : c;
}

bool manifest_same_module(const char *a, const char *b)
{
	while (*a && fold_dash(*a) == fold_dash(*b)) {
		a++;
		b++;
	}
	return fold_dash(*a) == fold_dash(*b);
}

/* The hash is FNV-1a. */
static uint32_t hash_name(uint32_t hash, const char *name)
{
	for (; *name; name++)
		hash = (hash ^ (unsigned char)fold_dash(*name)) * 16777619u;
	return hash;
}

/*
 * Returns false if an earlier line has this release and module. The table is never full,
 * since the number of lines is limited.
 */
static bool add_to_seen(struct parser *parser, const struct manifest_entry *entry)
{
	uint32_t hash = hash_name(hash_name(2166136261u, entry->release), entry->file);
	uint32_t mask = parser->slots - 1, slot = hash & mask;
	struct seen_line *seen = parser->seen;

	for (; seen[slot].file; slot = (slot + 1) & mask)
		if (!strcmp(seen[slot].release, entry->release) &&
		    manifest_same_module(seen[slot].file, entry->file))
			return false;
	seen[slot] = (struct seen_line){ entry->release, entry->file };
	return true;
}

static const char *check_line_bytes(const char *line, size_t len)
{
	if (len > MANIFEST_LINE_MAX)
		return "the line is longer than " STR(MANIFEST_LINE_MAX) " bytes";
	for (const char *end = line + len; line < end; line++) {
		if ((*line >= ' ' && *line <= '~') || *line == '\t')
			continue;
		if (*line == '\0')
			return "a NUL byte";
		if (*line == '\r')
			return "a carriage return: lines must end in LF alone";
		return "a byte that is not printable ASCII";
	}
	return NULL;
}

/* Returns false if the line is wrong, with *@ret_reason, or the visitor says so. */
static bool visit_line(struct parser *parser, char *line, unsigned int number,
		       const char **ret_reason)
{
	const struct manifest_reader *reader = parser->reader;
	struct manifest_entry entry = { .line = number };
	bool empty;

	*ret_reason = parse_manifest_line(reader->kind, line, &entry, &empty);
	if (*ret_reason || empty)
		return !*ret_reason;
	if (!add_to_seen(parser, &entry)) {
		*ret_reason = "this kernel release already has a line for this module";
		return false;
	}
	return reader->visit(&entry, reader->data);
}

/* A boot touches only the slots that a text of this length can need. */
static uint32_t slots_for(size_t len, enum manifest_kind kind)
{
	size_t lines = len / (kind == MANIFEST_BAKED ? BAKED_BYTES_MIN : LINE_BYTES_MIN);
	uint32_t slots = 2;

	while (slots < SLOTS_MAX && slots / 2 <= lines)
		slots *= 2;
	return slots;
}

enum manifest_result manifest_parse(char *text, size_t len,
				    const struct manifest_reader *reader,
				    struct manifest_error *ret_error)
{
	static struct seen_line seen[SLOTS_MAX];
	struct parser parser = { reader, seen, slots_for(len, reader->kind) };
	char *end = text + len;

	memset(seen, 0, parser.slots * sizeof(seen[0]));
	for (unsigned int number = 1; text < end; number++) {
		char *newline = memchr(text, '\n', (size_t)(end - text));
		char *stop = newline ? newline : end;
		const char *reason = check_line_bytes(text, (size_t)(stop - text));

		if (number > MANIFEST_LINES_MAX)
			reason = "more than " STR(MANIFEST_LINES_MAX) " lines";
		*stop = '\0';
		if (!reason && !visit_line(&parser, text, number, &reason) && !reason)
			return MANIFEST_STOPPED;
		if (reason) {
			*ret_error = (struct manifest_error){ number, reason };
			return MANIFEST_WRONG_LINE;
		}
		text = stop + 1;
	}
	return MANIFEST_OK;
}
