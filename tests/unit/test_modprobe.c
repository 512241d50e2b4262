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

/*
 * A world of modules: name, path, what each needs in loading order. The options and the
 * install line are those of one test.
 */
struct kmod_module {
	const char *name, *path;
	const char *needs[4];
	bool is_builtin;
	const char *options, *install;
};

static struct kmod_module world[] = {
	{ .name = "patch" },
	{ .name = "top", .path = "/dev/full", .needs = { "deep", "middle" } },
	{ .name = "middle", .path = "/dev/null", .needs = { "deep" } },
	{ .name = "deep", .path = "/dev/zero" },
	{ .name = "gone", .path = "/nowhere/gone.ko" },
	{ .name = "nowhere" },
	{ .name = "built_in", .is_builtin = true },
};

struct kmod_list {
	struct kmod_module *module;
	struct kmod_list *next;
	const char *key, *value;
};

static const char *const (*modinfo)[2];	/* what get_info answers */
static int info_error;
static int refs;			/* objects handed out and not given back */
static char loaded[256];		/* what the kernel got, "NAME(OPTIONS) ", in order */
static char configs[256];		/* what the last context reads */
static int load_errno;
static int load_flags;
static const char *load_options;	/* of the last load */

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

/* Never libkmod's own list, which would be of the machine and not of the root. */
struct kmod_ctx *kmod_new(const char *dirname, const char *const *config_paths)
{
	assert_non_null(config_paths);
	configs[0] = '\0';
	for (; *config_paths; config_paths++)
		snprintf(configs + strlen(configs), sizeof(configs) - strlen(configs),
			 "%s ", *config_paths);
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
	struct kmod_module *module = find(strcmp(alias, "deep_alias") ? alias : "deep");

	(void)ctx;
	if (module)
		*list = push(NULL, (struct kmod_list){ .module = module });
	return 0;
}

/* "deep" is on the blacklist. */
int kmod_module_apply_filter(const struct kmod_ctx *ctx, enum kmod_filter filter, const struct kmod_list *input,
			     struct kmod_list **output)
{
	(void)ctx;
	for (; input; input = input->next)
		if (!(filter & KMOD_FILTER_BLACKLIST && !strcmp(input->module->name, "deep")) &&
		    !(filter & KMOD_FILTER_BUILTIN && input->module->is_builtin))
			*output = push(*output, (struct kmod_list){ .module = input->module });
	return 0;
}

struct kmod_module *kmod_module_get_module(const struct kmod_list *entry)
{
	refs += !!entry;
	return entry ? entry->module : NULL;
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
	return mod->name;
}

const char *kmod_module_get_path(const struct kmod_module *mod)
{
	return mod->path;
}

const char *kmod_module_get_options(const struct kmod_module *mod)
{
	return mod->options;
}

const char *kmod_module_get_install_commands(const struct kmod_module *mod)
{
	return mod->install;
}

static void add_loaded(int fd, const char *options)
{
	char link[32], path[64] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	assert_true(readlink(link, path, sizeof(path) - 1) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(world); i++)
		if (world[i].path && !strcmp(world[i].path, path))
			snprintf(loaded + strlen(loaded), sizeof(loaded) - strlen(loaded),
				 "%s(%.32s) ", world[i].name, options);
}

long syscall(long number, ...)
{
	va_list args;

	assert_true(number == SYS_finit_module || number == SYS_delete_module);
	va_start(args, number);
	if (number == SYS_finit_module) {
		int fd = va_arg(args, int);
		const char *options = va_arg(args, const char *);

		load_options = options;
		add_loaded(fd, options);
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
	for (size_t i = 0; i < ARRAY_SIZE(world); i++)
		world[i].options = world[i].install = NULL;
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

static void who_needs_kpatchs_core_module_is_a_patch(void **state)
{
	static const char *const fields[][2] = { { "depends", "crc7,kpatch" }, { NULL, NULL } };
	struct modinfo info;
	int err;

	(void)state;
	modinfo = fields;
	assert_int_equal(MODINFO_OK, modinfo_read(0, &info, &err));
	assert_true(info.livepatch);
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

static void a_patch_gets_no_flags_and_no_options_and_the_errno_is_returned(void **state)
{
	(void)state;
	load_flags = -1;
	assert_int_equal(0, modprobe_load_fd(0));
	assert_int_equal(0, load_flags);
	assert_string_equal(load_options, "");
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
	assert_string_equal(loaded, "deep() middle() top() ");
}

static void a_blacklist_counts_for_an_alias(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	assert_int_equal(MODPROBE_LOADED, dependencies("deep_alias,middle", false, &failure));
	assert_string_equal(loaded, "deep() middle() ");	/* which middle needs */
	assert_int_equal(MODPROBE_LOADED, dependencies("deep_alias", false, &failure));
	assert_string_equal(loaded, "deep() middle() ");
}

static void the_configuration_is_that_of_the_root(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	assert_int_equal(MODPROBE_LOADED, dependencies("deep", false, &failure));
	assert_string_equal(configs, "/nowhere/etc/modprobe.d /nowhere/run/modprobe.d "
				     "/nowhere/usr/local/lib/modprobe.d "
				     "/nowhere/usr/lib/modprobe.d /nowhere/lib/modprobe.d ");
}

static void each_module_gets_its_own_options(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	find("deep")->options = "a=1 b=\"2 3\"";
	find("top")->options = "c";
	assert_int_equal(MODPROBE_LOADED, dependencies("top", false, &failure));
	assert_string_equal(loaded, "deep(a=1 b=\"2 3\") middle() top(c) ");
}

static void options_over_the_limit_are_an_error(void **state)
{
	static char options[MODULE_OPTIONS_MAX + 2];
	struct modprobe_failure failure;

	(void)state;
	memset(options, 'x', sizeof(options) - 1);
	find("middle")->options = options;
	assert_int_equal(MODPROBE_OPTIONS_OVER_LIMIT, dependencies("top", true, &failure));
	assert_int_equal(MODPROBE_OPTIONS_OVER_LIMIT, dependencies("top", false, &failure));
	assert_string_equal(failure.module, "middle");
	assert_string_equal(loaded, "deep() ");
	options[MODULE_OPTIONS_MAX] = '\0';
	assert_int_equal(MODPROBE_LOADED, dependencies("middle", false, &failure));
	assert_ptr_equal(load_options, options);
}

static void a_module_with_an_install_line_is_not_loaded(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	find("middle")->install = "/bin/true";
	assert_int_equal(MODPROBE_INSTALL_LINE, dependencies("top", true, &failure));
	assert_string_equal(failure.module, "middle");
	assert_int_equal(MODPROBE_INSTALL_LINE, dependencies("deep,middle", false, &failure));
	assert_string_equal(failure.module, "middle");
	assert_string_equal(loaded, "deep() deep() ");	/* the second is what it needs */
}

static void an_install_line_is_found_behind_what_is_missing(void **state)
{
	const struct modprobe_source source = { "/nowhere", "6.1", true };
	struct modprobe_failure failure;

	(void)state;
	assert_false(modprobe_has_install_line(&source, "", &failure));
	assert_false(modprobe_has_install_line(&source, "unknown, top", &failure));
	find("deep")->install = "/bin/true";
	assert_true(modprobe_has_install_line(&source, "unknown, top\tgone", &failure));
	assert_string_equal(failure.module, "deep");
	assert_string_equal(loaded, "");
}

static void what_is_built_in_needs_no_load(void **state)
{
	struct modprobe_failure failure;

	(void)state;
	find("built_in")->install = "/bin/true";	/* which modprobe would not run */
	assert_int_equal(MODPROBE_LOADED, dependencies("built_in,deep", true, &failure));
	assert_int_equal(MODPROBE_LOADED, dependencies("built_in,deep", false, &failure));
	assert_string_equal(loaded, "deep() ");
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
	assert_string_equal(loaded, "");
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
	find("middle")->options = "a=1";
	modprobe_load_wanted(root, "6.1", "/dev/");
	assert_string_equal(loaded, "deep() middle(a=1) ");
	find("middle")->install = "/bin/true";
	loaded[0] = '\0';
	modprobe_load_wanted(root, "6.1", "/dev/");
	assert_string_equal(loaded, "deep() ");
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
		test(who_needs_kpatchs_core_module_is_a_patch),
		test(a_field_over_its_limit_is_an_error),
		test(what_is_no_module_is_said_so),
		test(a_patch_gets_no_flags_and_no_options_and_the_errno_is_returned),
		test(dependencies_are_loaded_deepest_first),
		test(a_blacklist_counts_for_an_alias),
		test(the_configuration_is_that_of_the_root),
		test(each_module_gets_its_own_options),
		test(options_over_the_limit_are_an_error),
		test(a_module_with_an_install_line_is_not_loaded),
		test(an_install_line_is_found_behind_what_is_missing),
		test(what_is_built_in_needs_no_load),
		test(a_missing_dependency_is_named),
		test(a_dependency_that_the_kernel_refuses_is_named),
		test(a_dry_run_only_looks),
		test(a_driver_in_the_directory_is_loaded_unless_it_is_blacklisted),
		test(without_dependencies_nothing_is_asked),
	};

	return cmocka_run_group_tests_name("modprobe", tests, NULL, NULL);
}
