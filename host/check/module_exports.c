// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/check/module_exports.h"

#include <string.h>
#include <sys/mman.h>

struct module_exports *module_exports_new(void)
{
	void *memory = mmap(NULL, sizeof(struct module_exports), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void module_exports_free(struct module_exports *exports)
{
	if (exports)
		munmap(exports, sizeof(*exports));
}

const struct module_exporter *
module_exports_exporter(const struct module_exports *exports, const char *name)
{
	for (size_t i = 0; i < exports->exporter_count; i++)
		if (!strcmp(exports->exporters[i].name, name))
			return &exports->exporters[i];
	return NULL;
}

/* FNV-1a */
static size_t slot_of(const char *name)
{
	uint32_t hash = 0x811c9dc5;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 0x01000193;
	return hash % MODULE_EXPORTS_SLOTS;
}

/* Returns NULL if there is no room. */
static const char *keep_text(struct module_exports *exports, const char *text)
{
	size_t size = strlen(text) + 1;
	char *kept = exports->text + exports->used;

	if (size > sizeof(exports->text) - exports->used)
		return NULL;
	exports->used += size;
	return memcpy(kept, text, size);
}

static bool keep_export(const struct module_export *export, void *data)
{
	struct module_exports *exports = data;
	struct exported *exported = &exports->list[exports->count];
	uint32_t *slot = &exports->slots[slot_of(export->name)];

	if (exports->count == MODULE_EXPORTS_MAX)
		return false;
	exported->export = *export;
	exported->export.name = keep_text(exports, export->name);
	if (export->namespace)
		exported->export.namespace = keep_text(exports, export->namespace);
	if (!exported->export.name ||
	    (export->namespace && !exported->export.namespace))
		return false;
	exported->exporter = &exports->exporters[exports->exporter_count - 1];
	exported->next = *slot;
	*slot = (uint32_t)++exports->count;
	return true;
}

const struct module_exporter *module_exports_add(struct module_exports *exports,
						 const char *name,
						 enum exporter_state state,
						 struct module_tables *tables)
{
	struct module_exporter *exporter = &exports->exporters[exports->exporter_count];

	if (exports->exporter_count == EXPORTERS_MAX)
		return NULL;
	exporter->name = keep_text(exports, name);
	if (!exporter->name)
		return NULL;
	exporter->state = state;
	exports->exporter_count++;
	if (tables && !module_tables_each_export(tables, keep_export, exports))
		exporter->state = EXPORTER_UNREADABLE;
	return exporter;
}

const struct exported *module_exports_find(const struct module_exports *exports,
					   const char *name,
					   const struct exported *previous)
{
	uint32_t next = previous ? previous->next : exports->slots[slot_of(name)];

	for (; next; next = exports->list[next - 1].next)
		if (!strcmp(exports->list[next - 1].export.name, name))
			return &exports->list[next - 1];
	return NULL;
}
