// SPDX-License-Identifier: GPL-2.0-or-later
/* The check verb: its options. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/verbs.h"
#include "host/check/check_run.h"
#include "host/commands.h"
#include "host/usage.h"

/* Always false. */
static bool complain_of(const char *option, const char *value)
{
	fprintf(stderr, "kpatch-early: check: %s %s: %s\n", option, value,
		strerror(errno));
	return false;
}

/* A wrong path would only make everything unknown. */
static bool has_readable_paths(const struct check_request *request)
{
	if (*request->bake.root && access(request->bake.root, X_OK))
		return complain_of("--root", request->bake.root);
	if (request->kernel && access(request->kernel, R_OK))
		return complain_of("--kernel", request->kernel);
	if (request->modules && access(request->modules, X_OK))
		return complain_of("--modules", request->modules);
	if (request->initramfs && access(request->initramfs, R_OK))
		return complain_of("--initramfs", request->initramfs);
	return true;
}

int check_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "kernel", required_argument, NULL, 'K' },
		{ "modules", required_argument, NULL, 'm' },
		{ "initramfs", required_argument, NULL, 'i' },
		{ "enforce", no_argument, NULL, 'e' },
		{ "allow-jump-tables", no_argument, NULL, 'j' },
		{ "any-module", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'J' },
		{ 0 },
	};
	struct check_request request = { .bake.root = "" };
	int option;

	while ((option = usage_next_option(argc, argv, "k:", options)) != -1) {
		switch (option) {
		case 'k': bake_request_add_release(&request.bake, optarg); break;
		case 'r': request.bake.root = optarg; break;
		case 'K': request.kernel = optarg; break;
		case 'm': request.modules = optarg; break;
		case 'i': request.initramfs = optarg; break;
		case 'e': request.is_enforced = true; break;
		case 'j': request.allows_jump_tables = true; break;
		case 'a': request.any_module = true; break;
		case 'J': request.is_json = true; break;
		default: return verbs_bad_usage();
		}
		/* Of several wrong words only the first is reported. */
		if (!bake_request_check_releases(&request.bake))
			return verbs_bad_usage();
	}
	request.bake.files = argv + optind;
	if (request.kernel && request.bake.release_count > 1) {
		fputs("kpatch-early: check: --kernel FILE is of one release only\n",
		      stderr);
		return verbs_bad_usage();
	}
	if (!has_readable_paths(&request))
		return verbs_bad_usage();
	return check_run(&request);
}
