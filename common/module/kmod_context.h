/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each user of libkmod needs: a context that is silent, and cleanup at the end of a
 * scope. Loads no module.
 */
#ifndef KMOD_CONTEXT_H
#define KMOD_CONTEXT_H

#include <libkmod.h>

/*
 * Returns a context for the modules of @directory, or NULL if memory is short. It reads
 * the configuration files @configs, which end with NULL; none if @configs is NULL. By
 * itself libkmod would read modprobe.d and log to standard error. It always reads
 * modules.softdep in @directory, and /proc/cmdline, for options and modprobe.blacklist=
 * (kmod_config_new()).
 */
struct kmod_ctx *kmod_context_new(const char *directory, const char *const *configs);

/* These are for __attribute__((cleanup)), by the macros below. */
void kmod_context_unref(struct kmod_ctx **ctx);
void kmod_context_unref_module(struct kmod_module **module);
void kmod_context_unref_modules(struct kmod_list **list);
void kmod_context_free_info(struct kmod_list **list);

#define KMOD_CTX __attribute__((cleanup(kmod_context_unref))) struct kmod_ctx
#define KMOD_MODULE __attribute__((cleanup(kmod_context_unref_module))) struct kmod_module
#define KMOD_MODULES __attribute__((cleanup(kmod_context_unref_modules))) struct kmod_list
#define KMOD_INFO __attribute__((cleanup(kmod_context_free_info))) struct kmod_list

#endif
