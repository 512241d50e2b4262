// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/archive_info.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"
#include "host/modinfo_text.h"
#include "host/module_bytes.h"
#include "host/subprocess.h"

#define NEWC_HEADER 110
#define NEWC_MAGIC "070701"

struct span {
	const char *bytes;
	size_t len;
};

static uint32_t field_at(const struct span *file, size_t offset, size_t size)
{
	uint32_t number = 0;

	while (size-- && offset + size < file->len)
		number = number << 8 | (unsigned char)file->bytes[offset + size];
	return number;
}

/*
 * Finds the section @name of an EFI program, whose headers are as in uki_addon.c. False
 * if there is none.
 */
static bool find_section(const struct span *file, const char *name, struct span *ret)
{
	size_t headers = field_at(file, 0x3c, 4);
	size_t table = headers + 24 + field_at(file, headers + 20, 2);
	size_t count = field_at(file, headers + 6, 2);

	for (size_t i = 0; i < count && table + 40 <= file->len; i++, table += 40) {
		size_t begin = field_at(file, table + 20, 4);

		if (strncmp(file->bytes + table, name, 8))
			continue;
		*ret = (struct span){ file->bytes + begin,
				      field_at(file, table + 8, 4) };
		return begin <= file->len && ret->len <= file->len - begin;
	}
	return false;
}

/* Copies @from to a file in memory, from its begin. Returns a descriptor, or -errno. */
static int copy_to_memory(const struct span *from)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);

	if (fd >= 0 && file_write_all(fd, from->bytes, from->len))
		file_close(&fd);
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* By its magic the archive is compressed as a file with this suffix; "" if it isn't. */
static const char *find_suffix(const struct span *archive)
{
	static const struct { const char *magic, *suffix; } known[] = {
		{ "\x1f\x8b", ".gz" }, { "\xfd""7zXZ", ".xz" },
		{ "\x28\xb5\x2f\xfd", ".zst" }, { NEWC_MAGIC, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (archive->len > 6 && !memcmp(archive->bytes, known[i].magic,
						strlen(known[i].magic)))
			return known[i].suffix;
	return NULL;
}

/* What follows the archive, as zeros, is not for every program to pass over. */
static bool unpack_archive(const struct span *archive, struct module_bytes *ret)
{
	const char *suffix = find_suffix(archive);
	int err = 0;

	if (!suffix)
		return false;
	CLOSE_FD from = copy_to_memory(archive);
	CLOSE_FD to = memfd_create("unpacked", MFD_CLOEXEC);
	if (from < 0 || to < 0)
		return false;
	subprocess_decompress(from, suffix, to, &err);
	return !module_bytes_read(to, ret);
}

static uint32_t newc_number(const char *header, size_t field)
{
	char digits[9] = "";

	memcpy(digits, header + 6 + 8 * field, 8);
	return (uint32_t)strtoul(digits, NULL, 16);
}

/* The manifest is printed line by line, without comments. */
static void print_manifest_lines(const char *title, const struct span *content)
{
	const char *end = content->bytes + content->len, *line = content->bytes;
	char text[MANIFEST_LINE_MAX + 1];

	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((newline ? newline : end) - line);

		if (len && len < sizeof(text) && *line != '#') {
			memcpy(text, line, len);
			text[len] = '\0';
			modinfo_text_print_field(title, text);
		}
		line += len + 1;
	}
}

/* By this digest the status of a boot says which overlay it had. */
static void print_added_manifest(const struct span *content)
{
	char digest[SHA256_HEX_BYTES];

	print_manifest_lines("manifest.add", content);
	sha256_hex(content->bytes, content->len, digest);
	modinfo_text_print_field("overlay_manifest", digest);
}

static void print_entry(const char *name, const struct span *content)
{
	if (!strcmp(name, &MANIFEST_FILE[1]))
		print_manifest_lines("manifest", content);
	else if (!strcmp(name, &ADDED_MANIFEST_FILE[1]))
		print_added_manifest(content);
	else
		modinfo_text_print_field("file", name);
}

static size_t round_to_4(size_t offset)
{
	return (offset + 3) & ~(size_t)3;
}

/* Prints each file of the archive up to its end, or to where it is damaged. */
static void print_archive(const struct span *archive)
{
	size_t at = 0;

	while (at + NEWC_HEADER <= archive->len &&
	       !memcmp(archive->bytes + at, NEWC_MAGIC, 6)) {
		const char *header = archive->bytes + at, *name = header + NEWC_HEADER;
		size_t name_size = newc_number(header, 11);
		size_t begin = round_to_4(at + NEWC_HEADER + name_size);
		struct span content = { archive->bytes + begin, newc_number(header, 6) };

		if (!name_size || begin > archive->len || name[name_size - 1] ||
		    content.len > archive->len - begin)
			return;
		if (S_ISREG(newc_number(header, 1)))
			print_entry(name, &content);
		at = round_to_4(begin + content.len);
	}
}

/* False if there is none. */
static bool print_text_section(const struct span *file, const char *name,
			       const char *title)
{
	struct span section;
	char text[ADDON_CMDLINE_MAX + 1];

	if (!find_section(file, name, &section) || section.len >= sizeof(text))
		return false;
	memcpy(text, section.bytes, section.len);
	text[section.len] = '\0';
	modinfo_text_print_field(title, text);
	return true;
}

static bool print_addon(const struct span *file)
{
	MODULE_BYTES unpacked = { NULL, 0 };
	struct span initrd = { NULL, 0 };
	bool has_words;

	if (find_section(file, ".initrd", &initrd) && initrd.len > 4 &&
	    !memcmp(initrd.bytes, "\0\0\0", 4))
		initrd = (struct span){ initrd.bytes + 4, initrd.len - 4 };
	if (initrd.len && !unpack_archive(&initrd, &unpacked))
		return false;
	print_text_section(file, ".uname", "release");
	has_words = print_text_section(file, ".cmdline", "cmdline");
	print_archive(&(struct span){ unpacked.bytes, unpacked.len });
	return has_words || unpacked.len;
}

static bool print_overlay(const struct span *file)
{
	MODULE_BYTES unpacked = { NULL, 0 };
	struct span archive = *file;

	if (archive.len > 4 && !memcmp(archive.bytes, "\0\0\0", 4))
		archive = (struct span){ archive.bytes + 4, archive.len - 4 };
	if (!unpack_archive(&archive, &unpacked) || unpacked.len < NEWC_HEADER ||
	    memcmp(unpacked.bytes, NEWC_MAGIC, 6))
		return false;
	print_archive(&(struct span){ unpacked.bytes, unpacked.len });
	return true;
}

bool archive_info_print(const char *path)
{
	MODULE_BYTES bytes = { NULL, 0 };
	CLOSE_FD fd = file_open(path);
	struct stat st;
	struct span file;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) ||
	    module_bytes_read(fd, &bytes))
		return false;
	file = (struct span){ bytes.bytes, bytes.len };
	return file.len > 64 && !memcmp(file.bytes, "MZ", 2) ? print_addon(&file) :
							       print_overlay(&file);
}
