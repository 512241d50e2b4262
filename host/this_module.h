/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name that a module gives itself in its struct module. Modules for kernels before
 * 4.13 have it nowhere else. Reads no file.
 */
#ifndef THIS_MODULE_H
#define THIS_MODULE_H

#include <stddef.h>

/*
 * Returns the name in @module of @len bytes, or NULL if there is none. In a struct module
 * of 64 bits it is behind an enum and a list_head, since 2.6 (linux/module.h).
 */
const char *this_module_name(const void *module, size_t len);

#endif
