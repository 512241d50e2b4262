// SPDX-License-Identifier: GPL-2.0-or-later
/* The host program: it has every verb, those of the early program and PID 1 too. */
#include <stddef.h>
#include <unistd.h>

#include "common/verbs.h"
#include "host/commands.h"

static const char help[] =
	"usage: kpatch-early VERB [OPTION...]\n"
	"\n"
	"  apply [--root DIR] [--dry-run]   "
		"load the patches of the manifest for this kernel\n"
	"  bake -k RELEASE... [--root DIR] [--output DIR] [--strip] [--sign KEY]\n"
	"       [--no-check] [FILE...]      "
		"check patches, write the manifest and its tree\n"
	"  bless [--init | --remove | --withdraw] [--root DIR]\n"
	"                                   "
		"the boot guard: this boot was good; --init: begin to guard\n"
	"  check [-k RELEASE...] [--root DIR] [--kernel FILE] [--modules DIR] "
		"[--initramfs FILE]\n"
	"        [--enforce] [--allow-jump-tables] [--json] [FILE...]\n"
	"                                   "
		"would a kernel load the patches, and all its drivers then\n"
	"  disable, enable [--root DIR]     "
		"load no patch from the next boot on; load them again\n"
	"  info NAME|FILE                   "
		"what a patch is and patches, and if it is loaded\n"
	"  install [-k RELEASE] [--rebuild] [--no-check] FILE...\n"
	"                                   check patches, copy them into the store\n"
	"  uninstall [-k RELEASE] [--rebuild] NAME...\n"
	"                                   "
		"remove them; what is loaded stays until a reboot\n"
	"  list                             "
		"loaded and installed patches, as kpatch list\n"
	"  overlay [-k RELEASE...] -o FILE [--add] [--first] [--compress=WORD]\n"
	"          [--settings] [--empty]\n"
	"          [--addon [--cmdline=WORDS] [--sign-addon KEY --cert CERT]]\n"
	"          [--root DIR] [--sign KEY] [--strip] [--no-check] [FILE...]\n"
	"                                   "
		"the same as an archive to be given after an initramfs,\n"
	"                                   "
		"or as an addon of a unified kernel image\n"
	"  overlay --off-addon -o FILE      "
		"an addon that turns live patching off\n"
	"  reset [--root DIR]               "
		"the boot guard: forget, and try the patches anew\n"
	"  rollback [--root DIR]            in an initramfs: turn the patches off\n"
	"  status [--json | --quiet | --check | --fixes | --metrics]\n"
	"                                   "
		"is this kernel patched? also without a verb\n"
	"  --help, --version\n"
	"\n"
	"On the kernel command line, kpatch.disable=1 switches it off "
	"for that boot, and\n"
	"kpatch.skip=NAME[,NAME...] leaves patches out. See kpatch-early(8).\n";

static const struct verb verbs[] = {
	{ "apply", apply_verb, true },
	{ "bake", bake_verb, false },
	{ "bless", bless_verb, true },
	{ "check", check_verb, false },
	{ "disable", disable_verb, true },
	{ "enable", enable_verb, true },
	{ "info", info_verb, false },
	{ "install", install_verb, true },
	{ "list", list_verb, false },
	{ "overlay", overlay_verb, false },
	{ "reset", reset_verb, true },
	{ "rollback", rollback_verb, true },
	{ "status", status_verb, false },
	{ "uninstall", uninstall_verb, true },
	{ NULL, NULL, false },
};

int main(int argc, char **argv)
{
	char verb[] = "status", *words[] = { argv[0], verb, NULL };

	if (argc == 1 && getpid() != 1)
		return pid1_main(verbs, help, 2, words);
	return pid1_main(verbs, help, argc, argv);
}
