// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/check_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "common/paths.h"
#include "common/verbs.h"
#include "common/verdict.h"
#include "host/check/check_report.h"
#include "host/check/check_session.h"
#include "host/patch_select.h"
#include "host/progress.h"

#define SAY(format, ...) fprintf(stderr, "kpatch-early: check: " format "\n", __VA_ARGS__)

/* What is large; mapped, so that only what is used takes memory. */
struct check_memory {
	struct candidates candidates;
	struct initramfs initramfs;
	char releases[BAKE_RELEASES_MAX][RELEASE_MAX + 1];
};

struct check_run {
	struct check_request *request;
	struct check_session *session;
	struct check_report report;
	struct check_memory *memory;
	enum check_answer answer;	/* the worst of all */
};

/* Copies the release that @module was built for to @ret. False if it does not tell. */
static bool copy_release(const struct module_tables *module, char *ret)
{
	const char *vermagic = module_tables_modinfo(module, "vermagic");
	size_t len = vermagic ? strcspn(vermagic, " ") : 0;

	if (!len || len > RELEASE_MAX)
		return false;
	memcpy(ret, vermagic, len);
	ret[len] = '\0';
	return true;
}

/* Whether the module is for another release of those that are asked about. */
static bool is_for_another(const struct check_run *run, const char *release)
{
	const struct bake_request *bake = &run->request->bake;
	char own[RELEASE_MAX + 1];

	return *bake->files && copy_release(&run->session->module.tables, own) &&
	       strcmp(own, release) != 0 && bake_request_has_release(bake, own);
}

static void report_file(struct check_run *run, const char *path, const char *release)
{
	const struct check_subject subject = { path, release };
	const struct findings *findings = &run->session->findings;

	check_report_patch(&run->report, &subject, findings);
	if (run->answer < findings->answer)
		run->answer = findings->answer;
}

/* Checks the module in @file, unless it is for another release of those. */
static void check_bytes(struct check_run *run, const struct candidate *candidate,
			const struct module_bytes *file)
{
	struct check_session *session = run->session;
	const char *release = candidate->entry.release;

	if (check_session_open_module(session, file, candidate->source)) {
		if (is_for_another(run, release))
			return;
		check_session_check(session, &candidate->entry, candidate->source);
	}
	report_file(run, candidate->source, release);
}

/* What is in the file stays, for the set, unless it is any module. */
static void check_candidate(struct check_run *run, const struct candidate *candidate)
{
	const struct bake_request *bake = &run->request->bake;
	struct findings *findings = &run->session->findings;
	struct module_bytes file = { NULL, 0 };

	if (!module_tree_read(*bake->files ? "" : bake->root, candidate->source,
			      &file)) {
		findings_start(findings, "");
		FINDINGS_ADD(findings, PROBLEM_FILE_UNREADABLE, NULL);
		report_file(run, candidate->source, candidate->entry.release);
		return;
	}
	check_bytes(run, candidate, &file);
	if (run->request->any_module)
		module_bytes_free(&file);
}

static void say_sentence(const char *sentence)
{
	SAY("%s", sentence);
}

static void say_setting(unsigned int line, const char *reason)
{
	SAY(CONF_FILE " line %u: %s", line, reason);
}

static const char *selection_reason(enum patch_select_result result, int err)
{
	switch (result) {
	case PATCH_SELECT_WRONG_DROP_IN: return "wrong drop-in";
	case PATCH_SELECT_OVER_LIMIT: return "more patches than the limit";
	case PATCH_SELECT_OK:
	case PATCH_SELECT_UNREADABLE:
		break;
	}
	return verdict_errno_text(err);
}

/* Checks what bake would take for @release. False, with a message, if nothing tells. */
static bool check_patches(struct check_run *run, const char *release)
{
	const struct bake_request *bake = &run->request->bake;
	struct candidates *candidates = &run->memory->candidates;
	const struct patch_query query = {
		.root = bake->root, .release = release, .files = bake->files,
		.notice = say_sentence,
	};
	const char *off = *bake->files ? NULL :
			  patch_select_off_reason(bake->root, say_setting);
	enum patch_select_result result = patch_select(&query, candidates);

	if (result) {
		SAY("%s: %s; nothing is checked", release,
		    selection_reason(result, candidates->err));
		return false;
	}
	if (off || !candidates->count)
		check_report_no_patch(&run->report, release, off);
	for (size_t i = 0; !off && i < candidates->count; i++)
		check_candidate(run, &candidates->list[i]);
	return true;
}

static void check_any_modules(struct check_run *run, const char *release)
{
	struct candidate candidate = { .entry.release = release };

	for (char *const *file = run->request->bake.files; *file; file++) {
		candidate.source = *file;
		check_candidate(run, &candidate);
	}
}

/* False, with a message, if nothing could be checked. */
static bool check_for_release(struct check_run *run, const char *release)
{
	const struct check_request *request = run->request;
	bool ok = true;

	if (!check_session_open(run->session, request->bake.root, release,
				request->modules)) {
		SAY("%s; nothing is checked", verdict_errno_text(-errno));
		return false;
	}
	if (request->any_module)
		check_any_modules(run, release);
	else
		ok = check_patches(run, release);
	check_session_close(run->session);
	return ok;
}

static void add_releases_of_files(struct check_run *run)
{
	struct bake_request *bake = &run->request->bake;

	for (char *const *file = bake->files; *file; file++) {
		MODULE_BYTES bytes = { NULL, 0 };
		struct module_tables tables;
		char *release;

		if (bake->release_count == BAKE_RELEASES_MAX)
			return;
		release = run->memory->releases[bake->release_count];
		if (module_tree_read("", *file, &bytes) &&
		    module_tables_open(&tables, bytes.bytes, bytes.len) ==
			    MODULE_TABLES_READ &&
		    copy_release(&tables, release))
			bake_request_add_release(bake, release);
	}
}

/* Finds out which kernels are asked about, where no release is given. */
static void add_releases(struct check_run *run)
{
	struct bake_request *bake = &run->request->bake;
	struct utsname kernel;

	if (*run->session->kernel.release)
		bake_request_add_release(bake, run->session->kernel.release);
	else
		add_releases_of_files(run);
	if (bake->release_count)
		return;
	uname(&kernel);
	snprintf(run->memory->releases[0], sizeof(run->memory->releases[0]), "%s",
		 kernel.release);
	bake_request_add_release(bake, run->memory->releases[0]);
}

static bool check_releases(struct check_run *run)
{
	const struct bake_request *bake = &run->request->bake;
	struct initramfs *initramfs = &run->memory->initramfs;
	bool ok = true;

	if (run->request->initramfs) {
		initramfs_open(initramfs, run->request->initramfs);
		run->session->check.initramfs = initramfs;
	}
	check_report_begin(&run->report);
	for (size_t i = 0; i < bake->release_count; i++)
		ok &= check_for_release(run, bake->releases[i]);
	check_report_end(&run->report);
	initramfs_close(initramfs);
	return ok;
}

static int exit_status_of(enum check_answer answer)
{
	switch (answer) {
	case CHECK_NOTHING: return EXIT_OK;
	case CHECK_UNKNOWN: return EXIT_UNKNOWN;
	case CHECK_REFUSED: break;
	}
	return EXIT_NOT_APPLIED;
}

static int run_check(struct check_run *run)
{
	const struct check_request *request = run->request;
	struct check *check = &run->session->check;
	PROGRESS progress = progress_begin("checking");
	bool ok;

	(void)progress;
	check->any_module = request->any_module;
	check->is_enforced = request->is_enforced;
	check->allows_jump_tables = request->allows_jump_tables;
	if (request->kernel)
		check_session_give_kernel(run->session, request->kernel);
	if (!request->bake.release_count)
		add_releases(run);
	ok = check_releases(run);
	if (!ok)
		return EXIT_BAD_INPUT;
	return fflush(stdout) || ferror(stdout) ? EXIT_NOT_APPLIED :
						  exit_status_of(run->answer);
}

static struct check_memory *map_memory(void)
{
	void *memory = mmap(NULL, sizeof(struct check_memory), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

int check_run(struct check_request *request)
{
	struct check_run run = { .request = request, .report.is_json = request->is_json };
	int ret = EXIT_NOT_APPLIED;

	run.memory = map_memory();
	run.session = check_session_new();
	if (run.memory && run.session)
		ret = run_check(&run);
	else
		SAY("%s; nothing is checked", verdict_errno_text(-errno));
	check_session_free(run.session);
	if (run.memory)
		munmap(run.memory, sizeof(*run.memory));
	return ret;
}
