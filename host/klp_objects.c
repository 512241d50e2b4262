// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/klp_objects.h"

#include <string.h>

#include "common/module/elf_sections.h"
#include "common/text.h"

/* The structs of all kernels begin with two pointers. That of a function goes on so. */
#define SECOND_POINTER	8
#define FUNC_POSITION	16
/* struct klp_patch: three pointers, then bool replace. */
#define PATCH_REPLACE	24
/* A struct klp_object has 168 bytes in 6.1 without debugging, never more than this. */
#define STRIDE_MAX	4096

/*
 * struct kpatch_patch_func of kpatch-build: five numbers, before kpatch 0.3.2 four, then
 * two pointers to text, the function's name and its object's.
 */
#define KPATCH_NUMBERS_BYTES	40
#define KPATCH_OLD_NUMBERS_BYTES 32

/*
 * struct klp_object_ext of klp-build: two pointers as in klp_object, callbacks, a number.
 * struct klp_func_ext: two pointers as in klp_func, a position.
 */
#define KLP_BUILD_OBJECT_BYTES	64
#define KLP_BUILD_OBJECT_COUNT	56
#define KLP_BUILD_FUNC_BYTES	24

static struct elf_place place_plus(struct elf_place place, uint64_t offset)
{
	return (struct elf_place){ place.section, place.offset + offset };
}

/* The name of a function or module that @place points to, or NULL. */
static const char *name_at(struct elf *elf, struct elf_place place)
{
	struct elf_place target;
	const char *name =
		elf_pointer(elf, place, &target) ? elf_text(elf, target) : NULL;

	if (!name || !*name)
		return NULL;
	for (const char *c = name; *c; c++)
		if (!text_is_alnum(*c) && !strchr("_-.$", *c))
			return NULL;
	return name;
}

/* What a struct klp_object or one like it says of one function. */
struct klp_function {
	const char *object, *function;
	uint64_t position;
	bool is_vmlinux_by_name;
};

static const char vmlinux[] = "vmlinux";

static bool is_vmlinux_by_name(const char *object)
{
	return object && object != vmlinux && !strcmp(object, vmlinux);
}

/* False if there is no room. So are the other functions whose names begin with add_. */
static bool add_function(struct klp_objects *objects, const struct klp_function *function)
{
	size_t at = objects->count;

	if (at == FUNCTIONS_MAX)
		return false;
	objects->list[at].object = function->object;
	objects->list[at].function = function->function;
	objects->list[at].position = function->position;
	objects->list[at].is_vmlinux_by_name = function->is_vmlinux_by_name;
	objects->count++;
	return true;
}

/* Reads @size bytes at @place. False if they are not in the file. */
static bool bytes_at(const struct elf *elf, struct elf_place place, void *ret,
		     size_t size)
{
	Elf64_Shdr section;
	const char *bytes;

	if (!elf_section(elf, place.section, &section) || section.sh_size < size ||
	    place.offset > section.sh_size - size)
		return false;
	bytes = elf_section_bytes(elf, &section);
	if (bytes)
		memcpy(ret, bytes + place.offset, size);
	return bytes;
}

/* The number of 8 bytes at @place; 0 if it is not in the file. */
static uint64_t position_at(const struct elf *elf, struct elf_place place)
{
	uint64_t position = 0;

	bytes_at(elf, place, &position, sizeof(position));
	return position;
}

/* struct klp_func: const char *old_name; void *new_func; */
static const char *function_at(struct elf *elf, struct elf_place place)
{
	struct elf_place code;

	if (!elf_pointer(elf, place_plus(place, SECOND_POINTER), &code) ||
	    !elf_is_code(elf, code))
		return NULL;
	return name_at(elf, place);
}

/* Whether the struct at @place ends an array: neither of its two pointers is there. */
static bool is_empty_function(struct elf *elf, struct elf_place place)
{
	struct elf_place unused;

	return !elf_pointer(elf, place, &unused) &&
	       !elf_pointer(elf, place_plus(place, SECOND_POINTER), &unused);
}

/* Without a pointer to a name the object at @place is vmlinux; NULL if that is none. */
static const char *object_name_at(struct elf *elf, struct elf_place place)
{
	struct elf_place unused;

	return elf_pointer(elf, place, &unused) ? name_at(elf, place) : vmlinux;
}

/* struct klp_object: const char *name, NULL for vmlinux; struct klp_func *funcs; */
static const char *object_at(struct elf *elf, struct elf_place place)
{
	struct elf_place funcs;

	if (!elf_pointer(elf, place_plus(place, SECOND_POINTER), &funcs) ||
	    !elf_is_variable(elf, funcs))
		return NULL;
	/* An object that is there for its callbacks has an empty array of functions. */
	if (!function_at(elf, funcs) && !is_empty_function(elf, funcs))
		return NULL;
	return object_name_at(elf, place);
}

/* An array of structs, of which element_at knows how they begin, but not their size. */
struct array {
	struct elf_place first;
	uint64_t stride, end;
	const char *(*element_at)(struct elf *elf, struct elf_place place);
};

/* The name of element @index, or NULL behind the last. */
static const char *array_element(struct elf *elf, const struct array *array,
				 uint64_t index)
{
	struct elf_place place = place_plus(array->first, index * array->stride);

	if (place.offset >= array->end || (index && !array->stride))
		return NULL;
	return array->element_at(elf, place);
}

/*
 * Finds the size of the structs, which depends on the kernel's version and options: the
 * distance from the first struct to the second. With one struct the size stays 0.
 */
static void find_stride(struct elf *elf, struct array *array)
{
	for (uint64_t stride = 2 * SECOND_POINTER;
	     stride <= STRIDE_MAX && array->first.offset + stride < array->end;
	     stride += SECOND_POINTER)
		if (array->element_at(elf, place_plus(array->first, stride))) {
			array->stride = stride;
			return;
		}
}

/* Whether @count elements are all, as far as that can be told. */
static bool is_whole_array(struct elf *elf, const struct array *array, uint64_t count)
{
	struct elf_place place = place_plus(array->first, count * array->stride);

	return !array->stride || place.offset >= array->end ||
	       is_empty_function(elf, place);
}

static bool find_functions(struct elf *elf, const struct array *objs, uint64_t index,
			   struct elf_place *ret)
{
	uint64_t offset = index * objs->stride + SECOND_POINTER;

	return elf_pointer(elf, place_plus(objs->first, offset), ret);
}

/* Where the array at @first ends. In a stripped file that is where another begins. */
static uint64_t end_of_functions(struct elf *elf, const struct array *objs,
				 struct elf_place first)
{
	uint64_t end = elf_end_of_variable(elf, first);
	struct elf_place other;

	for (uint64_t i = 0; array_element(elf, objs, i); i++)
		if (find_functions(elf, objs, i, &other) &&
		    other.section == first.section && other.offset > first.offset &&
		    other.offset < end)
			end = other.offset;
	return end;
}

static bool add_functions_of_object(struct elf *elf, const struct array *objs,
				    uint64_t index, struct klp_objects *objects)
{
	struct array funcs = { .element_at = function_at };
	struct klp_function found = { .object = array_element(elf, objs, index) };
	uint64_t count = 0;

	found.is_vmlinux_by_name = is_vmlinux_by_name(found.object);

	if (!find_functions(elf, objs, index, &funcs.first))
		return true;
	funcs.end = end_of_functions(elf, objs, funcs.first);
	find_stride(elf, &funcs);
	for (; (found.function = array_element(elf, &funcs, count)); count++) {
		uint64_t offset = count * funcs.stride + FUNC_POSITION;

		found.position = position_at(elf, place_plus(funcs.first, offset));
		if (!add_function(objects, &found))
			return false;
	}
	objects->is_partial |= !is_whole_array(elf, &funcs, count);
	return true;
}

/* @mod might be the first member of a struct klp_patch; objs is the second. */
static bool find_objects(struct elf *elf, struct elf_place mod, struct elf_place *ret)
{
	return elf_pointer(elf, place_plus(mod, SECOND_POINTER), ret) &&
	       elf_is_variable(elf, *ret);
}

/* Returns 1, to end the walk, if there is no room. */
static int visit_patch(struct elf *elf, struct elf_place mod, void *data)
{
	struct array objs = { .element_at = object_at };
	struct klp_objects *objects = data;
	uint64_t count = 0;

	if (!find_objects(elf, mod, &objs.first))
		return 0;
	objs.end = elf_end_of_variable(elf, objs.first);
	find_stride(elf, &objs);
	for (; array_element(elf, &objs, count); count++)
		if (!add_functions_of_object(elf, &objs, count, objects))
			return 1;
	objects->is_partial |= count && !is_whole_array(elf, &objs, count);
	return 0;
}

/* Where the names are in a struct at @place: behind so many bytes of numbers. */
static uint64_t kpatch_numbers_at(struct elf *elf, struct elf_place place)
{
	struct elf_place old = place_plus(place, KPATCH_OLD_NUMBERS_BYTES), unused;

	return elf_pointer(elf, old, &unused) ? KPATCH_OLD_NUMBERS_BYTES :
						KPATCH_NUMBERS_BYTES;
}

static bool add_kpatch_functions(struct elf *elf, struct klp_objects *objects)
{
	struct elf_place place = { 0 };
	uint64_t numbers;

	if (!elf_find_section(elf, ".kpatch.funcs", &place.section))
		return true;
	numbers = kpatch_numbers_at(elf, place);
	for (; elf_is_data(elf, place); place.offset += numbers + 2 * sizeof(uint64_t)) {
		struct elf_place names = place_plus(place, numbers);
		struct klp_function found = {
			.object = name_at(elf, place_plus(names, SECOND_POINTER)),
			.function = name_at(elf, names),
		};

		if (!found.function || !found.object) {
			objects->is_partial = true;
			break;
		}
		/* Before 0.3.2 the last number was another. */
		if (numbers == KPATCH_NUMBERS_BYTES)
			found.position = position_at(
				elf, place_plus(place, KPATCH_OLD_NUMBERS_BYTES));
		if (!add_function(objects, &found))
			return false;
	}
	return true;
}

/*
 * Finds klp-build's array of objects, by its name or its earlier one. Under the earlier
 * one, an empty section is in any module.
 */
static bool find_klp_build_objects(const struct elf *elf, struct elf_place *ret)
{
	*ret = (struct elf_place){ 0 };
	if (!elf_find_section(elf, ".init.klp_objects", &ret->section) &&
	    !elf_find_section(elf, "__klp_objects", &ret->section))
		return false;
	return elf_is_data(elf, *ret);
}

/* False also if one of the functions cannot be read: what is left out would not show. */
static bool add_klp_build_object(struct elf *elf, struct elf_place place,
				 struct klp_objects *objects)
{
	struct elf_place number = place_plus(place, KLP_BUILD_OBJECT_COUNT), func;
	struct klp_function found = { .object = object_name_at(elf, place) };
	uint32_t count;

	found.is_vmlinux_by_name = is_vmlinux_by_name(found.object);
	if (!found.object || !bytes_at(elf, number, &count, sizeof(count)) ||
	    !elf_pointer(elf, place_plus(place, SECOND_POINTER), &func))
		return false;
	for (; count; count--, func.offset += KLP_BUILD_FUNC_BYTES) {
		found.function = function_at(elf, func);
		found.position = position_at(elf, place_plus(func, FUNC_POSITION));
		if (!found.function || !add_function(objects, &found))
			return false;
	}
	return true;
}

static bool add_klp_build_functions(struct elf *elf, struct klp_objects *objects)
{
	struct elf_place place;

	if (!find_klp_build_objects(elf, &place))
		return true;
	for (; elf_is_data(elf, place); place.offset += KLP_BUILD_OBJECT_BYTES)
		if (!add_klp_build_object(elf, place, objects))
			return false;
	return true;
}

bool klp_objects_of_module(const void *module, size_t len, struct klp_objects *ret)
{
	struct elf elf;

	ret->count = 0;
	ret->is_partial = false;
	if (!elf_open(&elf, module, len) ||
	    elf_each_pointer_to(&elf, "__this_module", visit_patch, ret))
		return false;
	if (!ret->count && !add_kpatch_functions(&elf, ret))
		return false;
	if (!ret->count && !add_klp_build_functions(&elf, ret))
		return false;
	return elf.left && ret->count;
}

static int visit_replace(struct elf *elf, struct elf_place mod, void *data)
{
	enum klp_replace *ret = data;
	struct elf_place objs;
	const char *replace;

	if (!find_objects(elf, mod, &objs) || !object_at(elf, objs))
		return 0;
	replace = elf_text(elf, place_plus(mod, PATCH_REPLACE));
	*ret = replace && *replace == 1 ? KLP_REPLACE_YES : KLP_REPLACE_UNKNOWN;
	return 1;
}

enum klp_replace klp_replace_of_module(const void *module, size_t len)
{
	enum klp_replace ret = KLP_REPLACE_UNKNOWN;
	struct elf_place place;
	struct elf elf;

	if (!elf_open(&elf, module, len) ||
	    elf_each_pointer_to(&elf, "__this_module", visit_replace, &ret))
		return ret;
	if (elf_find_section(&elf, ".kpatch.funcs", &place.section) ||
	    find_klp_build_objects(&elf, &place))
		return KLP_REPLACE_BY_DEFAULT;
	return ret;
}
