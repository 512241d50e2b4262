// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/module/kmod_context.h"

#include <stdarg.h>
#include <stddef.h>

/* libkmod defines the parameters. */
static void log_nothing(void *data, int priority, const char *file, int line,
			const char *fn, const char *format, va_list args)
{
	(void)data, (void)priority, (void)file, (void)line;
	(void)fn, (void)format, (void)args;
}

struct kmod_ctx *kmod_context_new(const char *directory, const char *const *configs)
{
	static const char *const no_config = NULL;
	struct kmod_ctx *ctx = kmod_new(directory, configs ? configs : &no_config);

	if (ctx)
		kmod_set_log_fn(ctx, log_nothing, NULL);
	return ctx;
}

void kmod_context_unref(struct kmod_ctx **ctx)
{
	kmod_unref(*ctx);
}

void kmod_context_unref_module(struct kmod_module **module)
{
	if (*module)
		kmod_module_unref(*module);
}

void kmod_context_unref_modules(struct kmod_list **list)
{
	kmod_module_unref_list(*list);
}

void kmod_context_free_info(struct kmod_list **list)
{
	kmod_module_info_free_list(*list);
}
