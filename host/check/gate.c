// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/gate.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/file.h"
#include "common/paths.h"
#include "common/sha256.h"
#include "common/text.h"
#include "common/verdict.h"
#include "host/check/kernel_place.h"
#include "host/root_path.h"

#define KEY_BYTES (2 * SHA256_BYTES + 1 + 2 * BUILD_ID_BYTES_MAX + 1)

enum check_mode gate_mode(const char *root, bool no_check)
{
	struct settings settings;
	char path[PATH_MAX];
	int err = root_path(path, root, CONF_FILE);

	settings_read_file(path, err, NULL, &settings);
	if (no_check && settings.check == CHECK_MODE_REFUSE)
		return CHECK_MODE_WARN;
	return settings.check;
}

void gate_open(struct gate *ret, const struct gate_query *query)
{
	ret->mode = query->mode;
	ret->root = query->root;
	ret->release = query->release;
	ret->initramfs.path = NULL;
	/* What makes an initramfs may bring its modules later. */
	if (query->folder && file_is_there(query->folder, "/lib/modules/%s/kernel",
					   query->release))
		initramfs_open(&ret->initramfs, query->folder);
	ret->session = NULL;
	ret->is_open = ret->has_kernel = false;
	ret->not_checked[0] = '\0';
}

/* A root without the modules of a kernel is not one that this kernel boots. */
static void miss_kernel(struct gate *gate)
{
	char path[PATH_MAX];

	if (!file_path(path, "", "/lib/modules/%s", gate->release) &&
	    root_has(gate->root, path))
		snprintf(gate->not_checked, sizeof(gate->not_checked),
			 "%s: no file of it is in /boot or /lib/modules", gate->release);
}

/* Reads what is known for the kernel @fd, whose path is @path, and its modules. */
static void read_verdicts(struct gate *gate, int fd, const char *path)
{
	char head[PATH_MAX + 128], modules[PATH_MAX];
	struct stat kernel = { 0 }, dep = { 0 };

	fstat(fd, &kernel);
	if (!root_path(modules, gate->root, "/lib/modules/%s/modules.dep", gate->release))
		stat(modules, &dep);
	snprintf(head, sizeof(head), VERSION " %s %llu %lld %lld.%09ld %lld.%09ld", path,
		 (unsigned long long)kernel.st_ino, (long long)kernel.st_size,
		 (long long)kernel.st_mtim.tv_sec, (long)kernel.st_mtim.tv_nsec,
		 (long long)dep.st_mtim.tv_sec, (long)dep.st_mtim.tv_nsec);
	/* A root that becomes an image is nobody's place for a cache. */
	verdicts_read(&gate->verdicts, *gate->root ? NULL : VERDICTS_DIR, gate->release,
		      head);
}

static void look_for_kernel(struct gate *gate)
{
	char path[PATH_MAX];
	CLOSE_FD fd = kernel_place_open(gate->root, gate->release, path);

	gate->is_open = true;
	gate->has_kernel = fd >= 0;
	if (gate->has_kernel)
		read_verdicts(gate, fd, path);
	else
		miss_kernel(gate);
}

/* False if the kernel's file cannot be read, or memory is short. */
static bool begin_session(struct gate *gate)
{
	const char *problem;

	if (gate->session)
		return true;
	gate->session = check_session_new();
	if (!gate->session || !check_session_open(gate->session, gate->root,
						  gate->release, NULL))
		problem = verdict_errno_text(-errno);
	else
		problem = gate->session->no_kernel;
	if (gate->session && gate->initramfs.path)
		gate->session->check.initramfs = &gate->initramfs;
	gate->has_kernel = !*problem;
	snprintf(gate->not_checked, sizeof(gate->not_checked), "%s", problem);
	return gate->has_kernel;
}

/* What a verdict on @patch depends on, but for the kernel and its modules. */
static void make_key(const struct gate_patch *patch, char *ret)
{
	const struct manifest_entry *entry = patch->entry;

	text_to_hex(patch->sha256, SHA256_BYTES, ret);
	if (!entry || !entry->build_id_len)
		return;
	ret += 2 * SHA256_BYTES;
	*ret++ = '.';
	text_to_hex(entry->build_id, entry->build_id_len, ret);
}

static void tell_finding(const struct finding *finding, char *ret, size_t size)
{
	char driver[FINDING_DRIVER_BYTES], sentence[PATH_MAX];

	finding_driver(finding, driver);
	finding_sentence(finding, sentence, sizeof(sentence));
	snprintf(ret, size, "rule %d: %s%.2048s", (int)finding_rule(finding), driver,
		 sentence);
}

/* Writes the first reason to refuse it, or "", to gate->reason. */
static void tell_reason(struct gate *gate, const struct findings *findings)
{
	const struct finding *finding = findings->list;

	gate->reason[0] = '\0';
	if (findings->answer != CHECK_REFUSED)
		return;
	while (finding < findings->list + findings->count &&
	       finding_answer(finding) != CHECK_REFUSED)
		finding++;
	if (finding < findings->list + findings->count)
		tell_finding(finding, gate->reason, sizeof(gate->reason));
	else
		snprintf(gate->reason, sizeof(gate->reason),
			 "more is against it than can be told");
}

/* A reason tells of that, so it holds for this initramfs only. */
static bool depends_on_initramfs(const struct gate *gate)
{
	return *gate->reason && gate->initramfs.path;
}

/* Of the set nothing is asked: bake sees itself which names there are twice. */
static void ask_check(struct gate *gate, const struct gate_patch *patch, const char *key)
{
	struct check_session *session = gate->session;
	MODULE_BYTES bytes = { NULL, 0 };

	gate->reason[0] = '\0';
	if (module_bytes_read(patch->fd, &bytes))
		return;
	if (check_session_open_module(session, &bytes, patch->path))
		check_session_check(session, patch->entry, patch->path);
	session->set.count = 0;
	tell_reason(gate, &session->findings);
	if (!depends_on_initramfs(gate))
		verdicts_add(&gate->verdicts, key, gate->reason);
}

enum gate_answer gate_ask(struct gate *gate, const struct gate_patch *patch)
{
	char key[KEY_BYTES];

	if (gate->mode == CHECK_MODE_OFF)
		return GATE_PASSES;
	if (!gate->is_open)
		look_for_kernel(gate);
	if (!gate->has_kernel)
		return GATE_PASSES;
	make_key(patch, key);
	if (!verdicts_find(&gate->verdicts, key, gate->reason, sizeof(gate->reason)) ||
	    depends_on_initramfs(gate)) {
		if (!begin_session(gate))
			return GATE_PASSES;
		ask_check(gate, patch, key);
	}
	if (!*gate->reason)
		return GATE_PASSES;
	return gate->mode == CHECK_MODE_WARN ? GATE_WARNS : GATE_REFUSES;
}

void gate_close(struct gate *gate)
{
	if (gate->is_open && gate->has_kernel)
		verdicts_write(&gate->verdicts);
	check_session_free(gate->session);
	gate->session = NULL;
}
