// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "unit.h"
#include "host/check/klp_names.h"

static const char *section(const char *name)
{
	static char text[1024];
	struct klp_section_name found;

	if (!klp_section_name(name, &found))
		return NULL;
	snprintf(text, sizeof(text), "%s|%s", found.object, found.section);
	return text;
}

static const char *symbol(const char *name)
{
	static char text[1024];
	struct klp_symbol_name found;

	if (!klp_symbol_name(name, &found))
		return NULL;
	snprintf(text, sizeof(text), "%s|%s|%lu", found.object, found.symbol, found.position);
	return text;
}

static void the_names_of_real_patches_are_read(void **state)
{
	(void)state;
	assert_string_equal(section(".klp.rela.vmlinux..text.version_proc_show"),
			    "vmlinux|.text.version_proc_show");
	assert_string_equal(section(".klp.rela.btrfs.__jump_table"), "btrfs|__jump_table");
	assert_string_equal(symbol(".klp.sym.vmlinux.linux_proc_banner,0"), "vmlinux|linux_proc_banner|0");
	assert_string_equal(symbol(".klp.sym.ext4.foo.isra.0,12"), "ext4|foo.isra.0|12");
}

/* As the kernel's sscanf() does, which wants no section behind the object. */
static void an_object_alone_is_a_section_name(void **state)
{
	(void)state;
	assert_string_equal(section(".klp.rela.vmlinux"), "vmlinux|");
	assert_string_equal(section(".klp.rela.vmlinux."), "vmlinux|");
}

static void malformed_names_are_refused(void **state)
{
	(void)state;
	assert_null(section(".klp.rela."));
	assert_null(section(".klp.rela..text"));
	assert_null(section(".rela.text"));
	assert_null(section(""));
	assert_null(symbol(".klp.sym.vmlinux.foo"));
	assert_null(symbol(".klp.sym.vmlinux.foo,"));
	assert_null(symbol(".klp.sym.vmlinux.foo,-1"));
	assert_null(symbol(".klp.sym.vmlinux.foo,+1"));
	assert_null(symbol(".klp.sym.vmlinux.foo,x"));
	assert_null(symbol(".klp.sym.vmlinux.,1"));
	assert_null(symbol(".klp.sym..foo,1"));
	assert_null(symbol(".klp.sym.vmlinux,1"));
	assert_null(symbol("foo"));
}

/* sscanf() takes blanks in front of a number, and whatever is behind it. */
static void what_the_kernel_reads_over_is_read_over(void **state)
{
	(void)state;
	assert_string_equal(symbol(".klp.sym.vmlinux.foo, 2"), "vmlinux|foo|2");
	assert_string_equal(symbol(".klp.sym.vmlinux.foo,2x"), "vmlinux|foo|2");
}

/* "%55[^.]" stops after 55 bytes, and the dot that must follow is not there. */
static void names_over_the_limits_are_refused(void **state)
{
	char object[64] = "", name[640], text[600];

	(void)state;
	memset(object, 'a', 56);
	snprintf(name, sizeof(name), ".klp.sym.%s.foo,1", object);
	assert_null(symbol(name));
	snprintf(name, sizeof(name), ".klp.sym.%s.foo,1", object + 1);
	assert_non_null(symbol(name));
	memset(text, 'b', sizeof(text));
	text[512] = '\0';
	snprintf(name, sizeof(name), ".klp.sym.vmlinux.%s,1", text);
	assert_null(symbol(name));
	snprintf(name, sizeof(name), ".klp.sym.vmlinux.%s,1", text + 1);
	assert_non_null(symbol(name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_names_of_real_patches_are_read),
		cmocka_unit_test(an_object_alone_is_a_section_name),
		cmocka_unit_test(malformed_names_are_refused),
		cmocka_unit_test(what_the_kernel_reads_over_is_read_over),
		cmocka_unit_test(names_over_the_limits_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
