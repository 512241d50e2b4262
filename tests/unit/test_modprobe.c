// SPDX-License-Identifier: GPL-2.0-or-later
/* libkmod and the system calls are replaced here, at link time. */
#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit.h"
#include "common/module/modinfo.h"
#include "early/load/modprobe.h"

/* A world of modules: name, path, what each needs in loading order. */
struct kmod_module {
	const char *name, *path;
	const char *needs[4];
};

static struct kmod_module world[] = {
	{ "patch", NULL, { NULL } },
	{ "top", "/dev/zero", { "deep", "middle", NULL } },
	{ "middle", "/dev/zero", { "deep", NULL } },
	{ "deep", "/dev/zero", { NULL } },
	{ "gone", "/nowhere/gone.ko", { NULL } },
	{ "nowhere", NULL, { NULL } },
};

struct kmod_list {
	struct kmod_module *module;
	struct kmod_list *next;
	const char *key, *value;
};

static const char *const (*modinfo)[2];	/* what get_info answers */
static int info_error;
static int refs;			/* objects handed out and not given back */
static char loaded[256];		/* what was handed to the kernel, in order */
static int load_errno;
static int load_flags;

static struct kmod_module *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(world); i++)
		if (!strcmp(world[i].name, name))
			return &world[i];
	return NULL;
}

static struct kmod_list *push(struct kmod_list *list, struct kmod_list item)
{
	struct kmod_list **end = &list, *new = malloc(sizeof(*new));

	*new = item;
	while (*end)
		end = &(*end)->next;
	*end = new;
	return list;
}

static int free_list(struct kmod_list *list)
{
	while (list) {
		struct kmod_list *next = list->next;

		free(list);
		list = next;
	}
	return 0;
}

struct kmod_ctx *kmod_new(const char *dirname, const char *const *config_paths)
{
	/* Only for a driver that nobody named, modprobe.d counts: for its blacklist. */
	assert_non_null(config_paths);
	assert_true(!*config_paths || text_ends_with(*config_paths, "/etc/modprobe.d"));
	refs += !!dirname;	/* the one that reads fields is kept */
	return (struct kmod_ctx *)world;
}

struct kmod_ctx *kmod_unref(struct kmod_ctx *ctx)
{
	refs -= !!ctx;
	return NULL;
}

void kmod_set_log_fn(struct kmod_ctx *ctx,
		     void (*log_fn)(void *, int, const char *, int, const char *, const char *,
				    va_list), const void *data)
{
	(void)ctx, (void)data;
	assert_non_null(log_fn);
}

int kmod_module_new_from_path(struct kmod_ctx *ctx, const char *path, struct kmod_module **mod)
{
	(void)ctx;
	assert_int_equal(0, strncmp(path, "/proc/self/fd/", 14));
	refs++;
	*mod = find("patch");
	return 0;
}

int kmod_module_get_info(const struct kmod_module *mod, struct kmod_list **list)
{
	(void)mod;
	if (info_error)
		return info_error;
	for (size_t i = 0; modinfo[i][0]; i++)
		*list = push(*list, (struct kmod_list){ .key = modinfo[i][0], .value = modinfo[i][1] });
	return 1;
}

const char *kmod_module_info_get_key(const struct kmod_list *entry)
{
	return entry->key;
}

const char *kmod_module_info_get_value(const struct kmod_list *entry)
{
	return entry->value;
}

void kmod_module_info_free_list(struct kmod_list *list)
{
	free_list(list);
}

struct kmod_list *kmod_list_next(const struct kmod_list *list, const struct kmod_list *curr)
{
	(void)list;
	return curr->next;
}

int kmod_module_new_from_lookup(struct kmod_ctx *ctx, const char *alias, struct kmod_list **list)
{
	struct kmod_module *module = find(alias);

	(void)ctx;
	if (module)
		*list = push(NULL, (struct kmod_list){ .module = module });
	return 0;
}

/* "deep" is on it. */
int kmod_module_apply_filter(const struct kmod_ctx *ctx, enum kmod_filter filter, const struct kmod_list *input,
			     struct kmod_list **output)
{
	(void)ctx;
	assert_int_equal(filter, KMOD_FILTER_BLACKLIST);
	for (; input; input = input->next)
		if (strcmp(input->module->name, "deep"))
			*output = push(*output, (struct kmod_list){ .module = input->module });
	return 0;
}

struct kmod_module *kmod_module_get_module(const struct kmod_list *entry)
{
	refs++;
	return entry->module;
}

struct kmod_module *kmod_module_unref(struct kmod_module *mod)
{
	refs -= !!mod;
	return NULL;
}

int kmod_module_unref_list(struct kmod_list *list)
{
	return free_list(list);
}

struct kmod_list *kmod_module_get_dependencies(const struct kmod_module *mod)
{
	struct kmod_list *list = NULL;

	for (size_t i = 0; mod->needs[i]; i++)
		list = push(list, (struct kmod_list){ .module = find(mod->needs[i]) });
	return list;
}

const char *kmod_module_get_name(const struct kmod_module *mod)
{
	/* The name is asked for right before the load. */
	snprintf(loaded + strlen(loaded), sizeof(loaded) - strlen(loaded), "%s ", mod->name);
	return mod->name;
}

const char *kmod_module_get_path(const struct kmod_module *mod)
{
	return mod->path;
}

long syscall(long number, ...)
{
	va_list args;

	assert_true(number == SYS_finit_module || number == SYS_delete_module);
	va_start(args, number);
	if (number == SYS_finit_module) {
		(void)va_arg(args, int);
		assert_string_equal(va_arg(args, const char *), "");
		load_flags = va_arg(args, int);
	}
	va_end(args);
	errno = load_errno;
	return load_errno ? -1 : 0;
}

static FILE *file_with(const char *text)
{
	FILE *file = tmpfile();

	fputs(text, file);
	fflush(file);
	return file;
}

static int setup(void **state)
{
	(void)state;
	refs = info_error = load_errno = load_flags = 0;
	loaded[0] = '\0';
	return 0;
}

static int nothing_leaks(void **state)
{
	(void)state;
	return refs;
}

static void the_fields_of_a_patch_are_taken(void **state)
{
	static const char *const fields[][2] = {
		{ "name", "lp_a" }, { "livepatch", "Y" }, { "depends", "crc7,crc8" },
		{ "vermagic", "6.1.0-56-amd64 SMP preempt mod_unload modversions " },
		{ NULL, NULL },
	};
	struct modinfo info;
	int err;

	(void)state;
	modinfo = fields;
	assert_int_equal(MODINFO_OK, modinfo_read(fileno(file_with("")), &info, &err));
	assert_string_equal(info.name, "lp_a");
	assert_string_equal(info.release, "6.1.0-56-amd64");
	assert_string_equal(info.depends, "crc7,crc8");
	assert_true(info.livepatch);
}

static void an_appended_signature_is_seen_whatever_is_in_it(void **state)
{
	(void)state;
	assert_true(modinfo_is_signed(fileno(file_with("x~Module signature appended~\n"))));
	assert_false(modinfo_is_signed(fileno(file_with("~Module signature appended~\n "))));
	assert_false(modinfo_is_signed(fileno(file_with(""))));
}

static void a_module_that_says_nothing_is_no_patch(void **state)
{
	static const char *const none[][2] = { { NULL, NULL } };
	static const char *const no[][2] = { { "livepatch", "N" }, { NULL, NULL } };
	struct modinfo info;
	int err;

	(void)state;
	modinfo = none;
	assert_int_equal(MODINFO_OK, modinfo_read(0, &info, &err));
	assert_false(info.livepatch || info.name[0] || info.release[0]);
	modinfo = no;
	assert_int_equal(MODINFO_OK, modinfo_read(0, &info, &err));
	assert_false(info.livepatch);
}

static void a_field_over_its_limit_is_an_error(void **state)
{
	static char longest[2048];
	static const char *fields[][2] = { { "name", longest }, { NULL, NULL } };
	static const char *const keys[] = { "name", "vermagic", "depends" };
	struct modinfo info = { .livepatch = true };
	int err;

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	modinfo = (const char *const (*)[2])fields;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		fields[0][0] = keys[i];
		assert_int_equal(MODINFO_OVER_LIMIT, modinfo_read(0, &info, &err));
		assert_true(info.livepatch);	/* outputs are written only on success */
	}
}

static void what_is_no_module_is_said_so(void **state)
{
	struct modinfo info;
	int err = 0;

	(void)state;
	info_error = -EINVAL;
	assert_int_equal(MODINFO_NO_ELF, modinfo_read(0, &info, &err));
	info_error = -EMFILE;
	assert_int_equal(MODINFO_UNREADABLE, modinfo_read(0, &info, &err));
	assert_int_equal(err, -EMFILE);
}

static void loading_passes_no_flags_and_returns_errno(void **state)
{
	(void)state;
	load_flags = -1;
	assert_int_equal(0, modprobe_load_fd(0));
	assert_int_equal(0, load_flags);
	load_errno = EKEYREJECTED;
	assert_int_equal(-EKEYREJECTED, modprobe_load_fd(0));
	load_errno = EBUSY;
	assert_int_equal(-EBUSY, modprobe_unload("lp_a"));
}

static enum modprobe_result dependencies(const char *depends, bool dry_run,
					 struct modprobe_failure *ret_failure)
{
	const struct modprobe_source source = { "/nowhere", "6.1", dry_run };

	return modprobe_load_dependencies(&source, depends, ret_failure);
}

static void dependencies_are_loaded_deepest_first(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	assert_int_equal(MODPROBE_LOADED, dependencies("top", false, &failure));
	assert_string_equal(loaded, "deep middle top top ");
}

static void a_missing_dependency_is_named(void **state)
{
	static char longest[MODULE_NAME_MAX + 2], cut[MODULE_NAME_MAX + 1];
	static const struct {
		const char *depends, *module;
	} cases[] = {
		{ "unknown", "unknown" },
		{ "deep,un-known", "un_known" },
		{ "gone", "gone" },
		{ "nowhere", "nowhere" },
		{ longest, cut },
	};

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	memset(cut, 'x', sizeof(cut) - 1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct modprobe_failure failure;

		assert_int_equal(MODPROBE_MISSING,
				 dependencies(cases[i].depends, false, &failure));
		assert_string_equal(failure.module, cases[i].module);
	}
}

static void a_dependency_that_the_kernel_refuses_is_named(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	load_errno = EKEYREJECTED;
	assert_int_equal(MODPROBE_FAILED, dependencies("top", false, &failure));
	assert_string_equal(failure.module, "deep");
	assert_int_equal(failure.err, -EKEYREJECTED);
	load_errno = ENOENT;	/* of a symbol: the file is there */
	assert_int_equal(MODPROBE_UNKNOWN_SYMBOL, dependencies("top", false, &failure));
	load_errno = EEXIST;	/* somebody else was quicker */
	assert_int_equal(MODPROBE_LOADED, dependencies("top", false, &failure));
}

static void a_dry_run_only_looks(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	load_errno = EPERM;
	assert_int_equal(MODPROBE_LOADED, dependencies("top", true, &failure));
	assert_int_equal(MODPROBE_MISSING, dependencies("gone", true, &failure));
}

static void add_device(const char *root, const char *bus, const char *device,
		       const char *alias)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "mkdir -p %s/sys/bus/%s/devices/%s", root, bus, device);
	assert_int_equal(0, system(path));
	snprintf(path, sizeof(path), "%s/sys/bus/%s/devices/%s/modalias", root, bus, device);
	file = fopen(path, "w");
	fprintf(file, "%s\n", alias);
	fclose(file);
}

static void a_driver_in_the_directory_is_loaded_unless_it_is_blacklisted(void **state)
{
	char root[] = "/tmp/test_modprobe.XXXXXX", command[64];

	(void)state;
	assert_non_null(mkdtemp(root));
	add_device(root, "pci", "0000:00:01.0", "deep");
	add_device(root, "pci", "0000:00:02.0", "middle");
	add_device(root, "platform", "a.0", "gone");
	add_device(root, "platform", "b.0", "unknown");
	modprobe_load_wanted(root, "6.1", "/dev/");
	assert_string_equal(loaded, "deep middle middle ");
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(0, system(command));
}

static void without_dependencies_nothing_is_asked(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	assert_int_equal(MODPROBE_LOADED, dependencies("", false, &failure));
	assert_string_equal(loaded, "");
}

#define test(function) cmocka_unit_test_setup_teardown(function, setup, nothing_leaks)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_fields_of_a_patch_are_taken),
		test(an_appended_signature_is_seen_whatever_is_in_it),
		test(a_module_that_says_nothing_is_no_patch),
		test(a_field_over_its_limit_is_an_error),
		test(what_is_no_module_is_said_so),
		test(loading_passes_no_flags_and_returns_errno),
		test(dependencies_are_loaded_deepest_first),
		test(a_missing_dependency_is_named),
		test(a_dependency_that_the_kernel_refuses_is_named),
		test(a_dry_run_only_looks),
		test(a_driver_in_the_directory_is_loaded_unless_it_is_blacklisted),
		test(without_dependencies_nothing_is_asked),
	};

	return cmocka_run_group_tests_name("modprobe", tests, NULL, NULL);
}
