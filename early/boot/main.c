// SPDX-License-Identifier: GPL-2.0-or-later
/* The early program: what an initramfs needs. */
#include <stddef.h>
#include <stdio.h>

#include "common/module/modinfo.h"
#include "common/status_text.h"
#include "common/verbs.h"

static const char help[] =
	"usage: kpatch-early VERB [OPTION...]\n"
	"\n"
	"  apply [--root DIR] [--dry-run]   load the patches for this kernel\n"
	"  rollback [--root DIR]            in an initramfs: turn the patches off\n"
	"  status                           what the last apply did\n"
	"  --help, --version\n"
	"\n"
	"This is the program of an initramfs. /usr/sbin/kpatch-early of the root has\n"
	"more verbs. On the kernel command line, kpatch.disable=1 switches it off for\n"
	"that boot, and kpatch.skip=NAME[,NAME...] leaves patches out.\n"
	"See kpatch-early(8).\n";

/* Without /proc there is no command line, which counts as disabled. */
enum modinfo_result modinfo_without_proc(int fd, modinfo_field_fn visit, void *data)
{
	(void)fd, (void)visit, (void)data;
	return MODINFO_UNREADABLE;
}

int verbs_unknown(const struct verb *verb_list, const char *name)
{
	(void)verb_list;
	fprintf(stderr, "kpatch-early: \"%s\" is no verb\n", name);
	return verbs_bad_usage();
}

static int plain_status_verb(int argc, char **argv)
{
	(void)argv;
	return argc > 1 ? verbs_bad_usage() : status_text_show();
}

static const struct verb verbs[] = {
	{ "apply", apply_verb, true },
	{ "rollback", rollback_verb, true },
	{ "status", plain_status_verb, false },
	{ "bake", NULL, false },
	{ "bless", NULL, false },
	{ "disable", NULL, false },
	{ "enable", NULL, false },
	{ "info", NULL, false },
	{ "install", NULL, false },
	{ "list", NULL, false },
	{ "overlay", NULL, false },
	{ "reset", NULL, false },
	{ "uninstall", NULL, false },
	{ NULL, NULL, false },
};

int main(int argc, char **argv)
{
	return pid1_main(verbs, help, argc, argv);
}
