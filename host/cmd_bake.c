// SPDX-License-Identifier: GPL-2.0-or-later
/* The bake verb: its options. */
#include <getopt.h>
#include <stddef.h>

#include "common/verbs.h"
#include "host/bake.h"
#include "host/commands.h"
#include "host/usage.h"

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
	int option;

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
	return bake_run(&request);
}
