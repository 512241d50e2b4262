// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/verdicts.h"

#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "common/file.h"

/* Leaves the head alone. */
static void begin_anew(struct verdicts *verdicts, const char *head)
{
	verdicts->head_len = verdicts->len = (size_t)snprintf(
		verdicts->text, sizeof(verdicts->text), "%s\n", head);
}

void verdicts_read(struct verdicts *ret, const char *directory, const char *release,
		   const char *head)
{
	size_t head_len = strlen(head);
	ssize_t len;

	ret->is_changed = false;
	ret->path[0] = '\0';
	if (!directory || file_path(ret->path, directory, "/%s", release)) {
		begin_anew(ret, head);
		return;
	}
	len = file_read(ret->path, ret->text, sizeof(ret->text));
	if (len <= (ssize_t)head_len || strncmp(ret->text, head, head_len) ||
	    ret->text[head_len] != '\n' || ret->text[len - 1] != '\n') {
		begin_anew(ret, head);
		return;
	}
	ret->head_len = head_len + 1;
	ret->len = (size_t)len;
}

bool verdicts_find(const struct verdicts *verdicts, const char *key, char *ret,
		   size_t size)
{
	const char *line = verdicts->text + verdicts->head_len, *end;
	size_t key_len = strlen(key);

	for (; (end = strchr(line, '\n')); line = end + 1) {
		if (strncmp(line, key, key_len) || line[key_len] != ' ')
			continue;
		line += key_len + 1;
		snprintf(ret, size, "%.*s", (int)(end - line), line);
		return true;
	}
	return false;
}

void verdicts_add(struct verdicts *verdicts, const char *key, const char *reason)
{
	size_t len = strlen(key) + 1 + strlen(reason) + 1;

	if (strchr(reason, '\n') || verdicts->head_len + len > VERDICTS_BYTES_MAX)
		return;
	/* They are of patches that were there once. */
	if (verdicts->len + len > VERDICTS_BYTES_MAX)
		verdicts->len = verdicts->head_len;
	snprintf(verdicts->text + verdicts->len, len + 1, "%s %s\n", key, reason);
	verdicts->len += len;
	verdicts->is_changed = true;
}

static void write_to(const struct verdicts *verdicts, int fd, const char *temporary)
{
	if (file_write_all(fd, verdicts->text, verdicts->len))
		unlink(temporary);
	else
		file_commit(fd, temporary, verdicts->path);
}

void verdicts_write(struct verdicts *verdicts)
{
	char temporary[PATH_MAX];

	if (!verdicts->is_changed || !*verdicts->path ||
	    file_make_parents(verdicts->path))
		return;
	CLOSE_FD lock = file_lock_directory(verdicts->path);
	if (lock < 0)
		return;
	CLOSE_FD fd = file_create_beside(verdicts->path, temporary);
	if (fd >= 0)
		write_to(verdicts, fd, temporary);
	verdicts->is_changed = false;
}
