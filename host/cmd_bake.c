// SPDX-License-Identifier: GPL-2.0-or-later
/* The bake verb: its options. */
#include <getopt.h>
#include <stddef.h>

#include "common/module/signature_policy.h"
#include "common/verbs.h"
#include "host/bake.h"
#include "host/commands.h"
#include "host/patch_remarks.h"
#include "host/usage.h"

/*
 * Whoever names FILEs makes an image by hand, for a kernel of which nothing is known. The
 * store's patches are baked at each update, by what brings the modules that they need. So
 * of these nothing is said but what the kernel that runs here will refuse.
 */
static void print_remarks(const struct bake_request *request)
{
	const char *tree = request->output ? request->output : request->root;

	if (!*request->files && (*request->root || !signature_policy_is_strict("")))
		return;
	for (size_t i = 0; i < request->release_count; i++)
		patch_remarks_print("bake", tree, request->releases[i], !*request->files);
}

int bake_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "root", required_argument, NULL, 'r' },
		{ "output", required_argument, NULL, 'o' },
		{ "strip", no_argument, NULL, 's' },
		{ "no-check", no_argument, NULL, 'n' },
		{ "sign", required_argument, NULL, 'S' },
		{ 0 },
	};
	struct bake_request request = { .root = "" };
	int option, ret;

	while ((option = usage_next_option(argc, argv, "k:", options)) != -1) {
		switch (option) {
		case 'k': bake_request_add_release(&request, optarg); break;
		case 'r': request.root = optarg; break;
		case 'o': request.output = optarg; break;
		case 's': request.strip = true; break;
		case 'n': request.no_check = true; break;
		case 'S': request.sign_key = optarg; break;
		default: return verbs_bad_usage();
		}
		/* Of several wrong words only the first is reported. */
		if (!bake_request_check_releases(&request))
			return verbs_bad_usage();
	}
	if (!verbs_has_root(argv[0], request.root))
		return verbs_bad_usage();
	request.files = argv + optind;
	ret = bake_run(&request);
	if (ret != EXIT_BAD_INPUT)
		print_remarks(&request);
	return ret;
}
