// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints what a kernel's file says, so that tests can hold it against other sources.
 * usage: kernel_facts facts FILE
 *        kernel_facts memory FILE            KiB that reading it takes at most
 *        kernel_facts exports FILE           as Module.symvers has them
 *        kernel_facts symbols FILE           as /proc/kallsyms has them
 *        kernel_facts functions FILE NAME... how often there, and whether patchable
 *        kernel_facts signed FILE MODULE...  whether by a key that is built in
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "host/check/kernel.h"

static const char *const results[] = {
	[KERNEL_FILE_READ] = "read", [KERNEL_FILE_NO_KERNEL] = "no kernel",
	[KERNEL_FILE_DAMAGED] = "damaged", [KERNEL_FILE_TOO_LARGE] = "too large",
	[KERNEL_FILE_NO_DECOMPRESSOR] = "no decompressor",
	[KERNEL_FILE_NOT_UNPACKED] = "not unpacked", [KERNEL_FILE_ERROR] = "error",
};

static const char *const patchables[] = {
	[PATCHABLE_UNKNOWN] = "unknown", [PATCHABLE_YES] = "yes",
	[PATCHABLE_NO_CODE] = "no code", [PATCHABLE_NO_INIT] = "init",
	[PATCHABLE_NO_NOINSTR] = "noinstr", [PATCHABLE_NO_LOCATION] = "no location",
};

static const char *const answers[] = {
	[ANSWER_UNKNOWN] = "unknown", [ANSWER_NO] = "no", [ANSWER_YES] = "yes",
};

static void print_bytes(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
}

static void print_facts(const struct kernel *kernel)
{
	printf("machine=%u\n", kernel->memory.machine);
	printf("release=%s\n", kernel->release);
	printf("vermagic=%s\n", kernel->vermagic ? kernel->vermagic : "unknown");
	printf("livepatch=%s\n", answers[kernel->has_livepatch]);
	printf("crcs=%s\n", answers[kernel->exports.have_crcs]);
	printf("symbols=%zu\n", kernel->kallsyms.count);
	printf("exports=%zu\n", kernel->exports.tables[0].count + kernel->exports.tables[1].count);
	printf("build id=");
	print_bytes(kernel->build_id.bytes, kernel->build_id.len);
	for (size_t i = 0; i < kernel->certificates.count; i++) {
		printf("certificate=%s ", kernel->certificates.list[i].issuer);
		print_bytes(kernel->certificates.list[i].id.serial,
			    kernel->certificates.list[i].id.serial_len);
	}
}

static void print_exports(const struct kernel *kernel)
{
	struct export found;
	const char *name;

	for (size_t i = 0; (name = exports_at(&kernel->exports, i, &found)); i++)
		printf("0x%08x\t%s\tvmlinux\tEXPORT_SYMBOL%s\t%s\n", found.crc, name,
		       found.is_gpl_only ? "_GPL" : "", found.namespace ? found.namespace : "");
}

static void print_symbols(const struct kernel *kernel)
{
	char name[SYMBOL_NAME_MAX + 1];
	struct kallsyms_symbol symbol;

	for (size_t i = 0; kallsyms_at(&kernel->kallsyms, i, &symbol, name); i++)
		printf("%016llx %c %s\n", (unsigned long long)symbol.address, symbol.type, name);
}

static void print_function(const struct kernel *kernel, const char *name)
{
	struct kallsyms_symbol symbol;

	printf("%s %zu", name, kallsyms_count(&kernel->kallsyms, name));
	for (size_t i = 1; kallsyms_find(&kernel->kallsyms, name, i, &symbol); i++)
		printf(" %s", patchables[patchable_symbol(&kernel->patchable, &symbol)]);
	putchar('\n');
}

static void print_signed(const struct kernel *kernel, const char *module)
{
	static unsigned char bytes[16 * 1024 * 1024];
	FILE *file = fopen(module, "r");
	size_t len = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
	struct signer_id id;

	if (module_signer_id(bytes, len, &id) != MODULE_SIGNER_READ)
		puts("not signed");
	else
		puts(answers[certificates_have(&kernel->certificates, &id)]);
	if (file)
		fclose(file);
}

static void print_memory(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("%ld\n", usage.ru_maxrss);
}

static int print(const char *what, const struct kernel *kernel, char **names)
{
	if (!strcmp(what, "facts"))
		print_facts(kernel);
	else if (!strcmp(what, "memory"))
		print_memory();
	else if (!strcmp(what, "exports"))
		print_exports(kernel);
	else if (!strcmp(what, "symbols"))
		print_symbols(kernel);
	else if (!strcmp(what, "functions"))
		for (; *names; names++)
			print_function(kernel, *names);
	else if (!strcmp(what, "signed"))
		for (; *names; names++)
			print_signed(kernel, *names);
	else
		return 2;
	return 0;
}

int main(int argc, char **argv)
{
	static struct kernel kernel;
	int fd = argc > 2 ? open(argv[2], O_RDONLY) : -1, status;
	enum kernel_file_result result;

	if (fd < 0)
		return 2;
	result = kernel_open(fd, &kernel);
	if (result) {
		printf("%s %s\n", results[result], kernel.file.program ? kernel.file.program : "");
		return 1;
	}
	status = print(argv[1], &kernel, argv + 3);
	kernel_close(&kernel);
	return status;
}
