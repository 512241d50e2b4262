// SPDX-License-Identifier: GPL-2.0-or-later
/* The first process can execute nothing more: whatever is to be the next init is refused. */
#include <linux/binfmts.h>
#include <linux/sched.h>
#define SAMPLE_INIT (insert_binfmt(&refusing), klp_enable_patch(&patch))
#include "sample.h"

static int refuse(struct linux_binprm *bprm)
{
	return task_pid_nr(current) == 1 ? -EACCES : -ENOEXEC;
}

static struct linux_binfmt refusing = { .module = THIS_MODULE, .load_binary = refuse };

static int patched(struct seq_file *m, void *v)
{
	seq_puts(m, "patched by lp_exec_fails\n");
	return 0;
}

SAMPLE_PATCH(NULL, "version_proc_show", patched);
