/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index of what modules export, so that each module is read for that once. Reads no
 * file.
 */
#ifndef MODULE_EXPORTS_H
#define MODULE_EXPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bounds.h"
#include "host/check/module_tables.h"

#define MODULE_EXPORTS_SLOTS (2 * MODULE_EXPORTS_MAX)

/* What is known of a module that may export something. */
enum exporter_state {
	EXPORTER_READ,
	EXPORTER_BUILT_IN,	/* its exports are the kernel's */
	EXPORTER_ABSENT,
	EXPORTER_UNREADABLE,
};

struct module_exporter {
	const char *name;
	enum exporter_state state;
};

struct exported {
	struct module_export export;
	const struct module_exporter *exporter;
	uint32_t next;		/* of the same slot, plus 1; 0: there is none */
};

struct module_exports {
	size_t exporter_count, count, used;
	struct module_exporter exporters[EXPORTERS_MAX];
	struct exported list[MODULE_EXPORTS_MAX];
	uint32_t slots[MODULE_EXPORTS_SLOTS];	/* as next above */
	char text[MODULE_EXPORTS_BYTES_MAX];
};

/* Makes an empty index. NULL if memory is short. Pages that are not used cost none. */
struct module_exports *module_exports_new(void);

/* Frees it, if there is one. */
void module_exports_free(struct module_exports *exports);

/* Finds the module @name; NULL if it was never added. */
const struct module_exporter *
module_exports_exporter(const struct module_exports *exports, const char *name);

/*
 * Adds the module @name, with all that @tables export if that is not NULL. EXPORTER_READ
 * becomes EXPORTER_UNREADABLE if they cannot be read. NULL if there is no room.
 */
const struct module_exporter *module_exports_add(struct module_exports *exports,
						 const char *name,
						 enum exporter_state state,
						 struct module_tables *tables);

/*
 * Finds the export @name, or the next one of that name behind @previous, if that is not
 * NULL. NULL if there is none.
 */
const struct exported *module_exports_find(const struct module_exports *exports,
					   const char *name,
					   const struct exported *previous);

#endif
