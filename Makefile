# SPDX-License-Identifier: GPL-2.0-or-later
# Overrides: CC= (musl's), AR=, BUILD=, DESTDIR=, KMOD_SRC=, SODIUM_SRC= (see common/libs), WERROR=. CPPFLAGS=, CFLAGS=,
# LDFLAGS=, here or exported, come before ours, which win: size is what both programs are about. PREFIX=, SBINDIR=, UNITDIR=, ZSHDIR=
# are for install, as far as dracut, systemd and the kernel's hooks look there. V=1 shows the commands. "make help" lists the targets.

VERSION := 0.2.0
BUILD ?= build
PREFIX ?= /usr
override PREFIX := $(PREFIX:%/=%)
SBINDIR ?= $(PREFIX)/sbin
UNITDIR ?= $(PREFIX)/lib/systemd/system
BASHDIR := $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/$(if $(wildcard /etc/debian_version),vendor-completions,site-functions)
DESTDIR ?=
# Exported, CC is often gcc for whatever library: it counts there if it compiles for musl, as the cc of Alpine does.
ifneq ($(origin CC),command line)
CC := $(if $(findstring musl,$(CC) $(shell $(CC) -dumpmachine 2>/dev/null)),$(CC),musl-gcc)
endif
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null)))
MACHINE_FLAGS := $(if $(filter x86_64,$(MACHINE)),-malign-data=abi -mgeneral-regs-only)
# Bytes of the early program and of the host program, which only bounds what slips in. What another compiler than Debian
# 12's makes of it, or flags of others add (-fcf-protection, ...), is no growth of ours.
EARLY_MAX_x86_64 := $(if $(strip $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(filter-out 12,$(shell $(CC) -dumpversion 2>/dev/null))),172032,155648)
EARLY_MAX_aarch64 := 185344
EARLY_SIZE_MAX := $(or $(EARLY_MAX_$(MACHINE)),262144)
HOST_SIZE_MAX := $(if $(filter x86_64,$(MACHINE)),327680,393216)
Q := $(if $(V),,@)

export KMOD_SRC SODIUM_SRC BUILD

EARLY := $(addprefix early/,boot/apply boot/boot boot/kmsg_write boot/on_failure boot/phase boot/pid1 boot/plan boot/replaced boot/rollback boot/supervise \
	boot/verify guard/judge guard/reach guard/watchdog load/arena load/busy_cpus load/kmsg_read load/load load/modprobe load/patch)
# The early program's alone: its main, and the malloc of libkmod there.
EARLY_ALONE := early/boot/main early/load/malloc
KERNEL := $(addprefix host/,der module_signer subprocess $(addprefix check/,certificates exports file_format kallsyms kernel kernel_file kernel_memory patchable))
HOST := $(KERNEL) $(addprefix host/,addon_report answer answer_text archive_info bake bake_core bake_patch bake_report bake_strip baked_tree booted cmd_bake cmd_check cmd_guard cmd_info \
	cmd_install cmd_list cmd_overlay cmd_status cpio drift elf_machine json_text klp_objects kpatch_service late_load loaded_patch manifest_sign may_load metrics modinfo_section modinfo_text \
	module_bytes module_compare module_file overlay_archive own_name patch_remarks patch_select patch_store progress root_path sentence stub_version this_module uki_addon usage $(addprefix check/,check \
	check_live_patch check_relocations check_report check_run check_session check_symbols finding gate initramfs kernel_place klp_names module_exports module_tables module_tree patch_set patched_object verdicts))
COMMON := $(addprefix common/,clock crc32 dir_list file mount sha256 status_file status_text text verbs verdict guard/boot_id guard/crash_sysctl guard/efivar guard/explain guard/record \
	guard/slots guard/store guard/trial input/cmdline input/manifest input/settings input/signed_manifest input/signify module/buildid module/core_module module/elf_sections \
	module/klp_relocations module/kmod_context module/livepatch module/modinfo module/module_name module/signature_policy)
SOURCES := $(EARLY) $(HOST) $(COMMON)
objects = $(patsubst %,$(BUILD)/obj/%.o,$(1) common/wctype)
OBJECTS := $(call objects,$(SOURCES) $(EARLY_ALONE) host/main)
PROGRAM := $(BUILD)/kpatch-early
EARLY_PROGRAM := $(BUILD)/early/kpatch-early
MODULE := dracut-module/50kpatch-early
DRACUT := $(PREFIX)/lib/dracut/modules.d/50kpatch-early
$(if $(word 2,$(DESTDIR)),$(error DESTDIR=$(DESTDIR) has a blank in it, which no rule here can take; nothing is done))
INITRAMFS_TOOLS := $(PREFIX)/share/initramfs-tools
DEST := $(abspath $(DESTDIR))
FOLDERS := $(addprefix $(DEST),$(SBINDIR) $(BASHDIR) $(ZSHDIR) $(PREFIX)/lib/kpatch-early $(PREFIX)/lib/kernel/install.d $(DRACUT) \
	$(addprefix $(INITRAMFS_TOOLS)/,hooks conf-hooks.d scripts/init-top) \
	$(UNITDIR)/kpatch.service.d /etc/kpatch-early /etc/kernel/postinst.d $(addprefix $(PREFIX)/share/man/man,5 7 8))
# Of them those that were not there before, and their parents, for uninstall.
MADE := $(BUILD)/made$(subst /,+,$(DEST))

# A newer compiler's new warning is for whoever changes the code, and stops no build of a tarball.
WERROR ?= $(if $(wildcard .git),-Werror)
WARNINGS := -Wall -Wextra -Wshadow -Wswitch-enum -Wformat=2 -Wvla -Wstrict-prototypes \
	-Wmissing-prototypes $(WERROR)
# At the link the compiler sees the libraries' code too, which is not for us to mend.
LINK_WARNINGS := -Wno-maybe-uninitialized
OUR_CPPFLAGS := -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. -I$(BUILD)/lib/include -DSODIUM_STATIC=1
# No code here computes with floating point, so variadic functions need not save vector registers.
SMALL := -Os -flto=auto -flto-partition=one -fno-ipa-cp -fipa-pta -fno-jump-tables $(MACHINE_FLAGS)
OUR_CFLAGS := -std=gnu11 $(SMALL) -fno-pie $(WARNINGS) -ffunction-sections -fdata-sections -fno-exceptions \
	-fno-asynchronous-unwind-tables \
	-fstack-protector-strong -ffile-prefix-map=$(CURDIR)/=
# noseparate-code: no padding to whole pages between code and read-only data, 8 KB less of file. Such
# data, and the headers, are then mapped executable too; nothing of it can be written. norelro: a static
# program has no relocations left, and the 176 bytes that would be sealed cost up to a page of file.
# sort-section: less padding, and the small variables come together, so that a run touches fewer pages.
# common-page-size: or the linker pads the file up to a page where that makes the data in memory end a page earlier.
OUR_LDFLAGS := -static -no-pie -s -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-z,norelro -Wl,--build-id=none \
	-Wl,-z,noseparate-code -Wl,-z,common-page-size=64 -Wl,--sort-section=alignment -T common/layout.ld

# For the compiler these are its own functions, about which it knows too much to compile them with their callers.
$(BUILD)/obj/early/load/malloc.o: OUR_CFLAGS += -fno-lto -fno-builtin

all: $(PROGRAM) $(EARLY_PROGRAM)	## build both programs

$(PROGRAM): $(call objects,$(SOURCES) host/main)
$(PROGRAM): BYTES_MAX := $(HOST_SIZE_MAX)
$(EARLY_PROGRAM): $(call objects,$(EARLY) $(COMMON) $(EARLY_ALONE))
$(EARLY_PROGRAM): BYTES_MAX := $(EARLY_SIZE_MAX)
$(PROGRAM) $(EARLY_PROGRAM): $(BUILD)/lib/done common/layout.ld
	@mkdir -p $(@D)
	@echo "  LINK $@"
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) $(LDFLAGS) $(OUR_LDFLAGS) $(LINK_WARNINGS) -o $@.new $(filter %.o,$^) $(BUILD)/lib/libkmod.a $(BUILD)/lib/libsodium.a
	$(Q)common/check-binary $@.new $(BYTES_MAX)
	@mv $@.new $@

$(BUILD)/obj/%.o: %.c Makefile $(BUILD)/lib/done
	@mkdir -p $(@D)
	@echo "  CC   $@"
	$(Q)$(CC) $(OUR_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(OUR_CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)
$(patsubst %,$(BUILD)/%/host/overlay_archive.o,obj san cov plain): $(addprefix $(MODULE)/,kpatch-early.sh kpatch-early-rollback.sh kpatch-early.service)

$(BUILD)/lib/done: export CC := $(CC)
$(BUILD)/lib/done: common/libs
	MACHINE_FLAGS='$(MACHINE_FLAGS)' common/libs $(BUILD)

# Flavours for tests: with the distribution's own libraries san (ASan and UBSan) and cov (gcov); and plain, by CC and with the
# programs' libraries, for other machines. There what UBSan finds is a trap.
TEST_FLAGS := -std=gnu11 -g -D_GNU_SOURCE -I. -DVERSION='"$(VERSION)"' $(WARNINGS)
FLAGS_san := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_cov := -O0 --coverage
FLAGS_plain := -O1 -static -fno-lto -fsanitize=undefined -fsanitize-undefined-trap-on-error -I$(BUILD)/lib/include -I$(BUILD)/cmocka/include \
	-DSODIUM_STATIC=1 -D_UINTPTR_T_DEFINED
UNITS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

# flavour NAME,COMPILER,LIBKMOD,LIBSODIUM,CMOCKA
define flavour
$(BUILD)/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	@echo "  CC   $$@"
	$(Q)$(2) $(TEST_FLAGS) $(FLAGS_$(1)) -MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/all.a: $(SOURCES:%=$(BUILD)/$(1)/%.o)
	@rm -f $$@
	@ar rcDP $$@ $$^
$(BUILD)/$(1)/kpatch-early: $(BUILD)/$(1)/host/main.o $(BUILD)/$(1)/all.a
	@echo "  LINK $$@"
	$(Q)$(2) $(FLAGS_$(1)) -o $$@ $$^ $(3) $(4)
$(BUILD)/$(1)/test_%: tests/unit/test_%.c $(wildcard tests/unit/*.h) $(BUILD)/$(1)/all.a
	@echo "  TEST $$@"
	$(Q)$(2) $(TEST_FLAGS) $(FLAGS_$(1)) -o $$@ $$< $(BUILD)/$(1)/all.a $$(if $$(filter modprobe,$$*),,$(3)) $(4) $(5)
$(BUILD)/$(1)/test_arena: early/load/malloc.c
$(1): $(BUILD)/$(1)/kpatch-early $(UNITS:%=$(BUILD)/$(1)/%)
-include $(patsubst %,$(BUILD)/$(1)/%.d,$(SOURCES) host/main)
endef
$(foreach name,san cov,$(eval $(call flavour,$(name),gcc,-lkmod,-lsodium,-lcmocka)))
$(eval $(call flavour,plain,$(CC),$(BUILD)/lib/libkmod.a,$(BUILD)/lib/libsodium.a,$(BUILD)/cmocka/cmocka.o))
$(SOURCES:%=$(BUILD)/plain/%.o): $(BUILD)/lib/done
$(UNITS:%=$(BUILD)/plain/%): $(BUILD)/cmocka/cmocka.o
$(BUILD)/cmocka/cmocka.o: tests/cmocka
	tests/cmocka '$(CC)' $(BUILD)

# What tests ask the boot guard's record with, in guests too, and a kernel's file.
KERNEL_SOURCES := $(addsuffix .c,$(KERNEL) common/file common/text common/module/buildid)
$(BUILD)/record: common/guard/record.c common/guard/trial.c common/crc32.c common/guard/record.h common/guard/trial.h
$(BUILD)/kernel_facts: $(KERNEL_SOURCES) $(wildcard host/check/*.h)
$(BUILD)/record $(BUILD)/kernel_facts: $(BUILD)/%: tests/%.c
	@mkdir -p $(@D); echo "  TEST $@"
	$(Q)$(CC) -std=gnu11 -Os -D_GNU_SOURCE $(WARNINGS) -I. -static -s -o $@ $(filter %.c,$^)
san: $(BUILD)/record $(BUILD)/kernel_facts

FUZZED := $(KERNEL_SOURCES) $(addsuffix .c,host/klp_objects host/check/klp_names host/check/module_tables $(addprefix common/,input/cmdline input/manifest input/signify module/elf_sections module/module_name))
$(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZED)
	@mkdir -p $(@D)
	@echo "  FUZZ $@"
	$(Q)clang -std=gnu11 -g -O1 -D_GNU_SOURCE -I. -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $@ $< $(FUZZED) -lsodium

fuzzers: $(FUZZERS:%=$(BUILD)/fuzz/%)

FUZZ_SECONDS ?= 600
fuzz: fuzzers	## fuzz each parser for FUZZ_SECONDS and keep what is new in the corpus
	for name in $(FUZZERS:fuzz_%=%); do \
		$(BUILD)/fuzz/fuzz_$$name -max_len=4096 -max_total_time=$(FUZZ_SECONDS) \
			tests/fuzz/corpus/$$name || exit 1; \
	done

demo:	## boot a stock kernel three times: without a patch, with it, switched off
	images/demo

check:	## every test, one TAP report
	tests/run

bench:	## against every other loader: times, memory, bytes (35 minutes; BENCH=--short: 5)
	tests/bench/run $(BENCH)

coverage: cov	## line coverage by unit and command line tests
	tests/coverage

install: places all	## install below $(DESTDIR)$(PREFIX)
	@umask 022 && LC_ALL=C mkdir -pv $(FOLDERS) | sed -n "s/^mkdir: created directory '\(.*\)'$$/\1/p" >>$(MADE)
	install -m 755 $(PROGRAM) $(DEST)$(SBINDIR)/kpatch-early
	install -m 755 $(EARLY_PROGRAM) config/hooks/rebuild $(DEST)$(PREFIX)/lib/kpatch-early
	install -m 644 -t $(DEST)$(DRACUT) $(MODULE)/kpatch-early.sh $(MODULE)/kpatch-early-rollback.sh \
		$(MODULE)/kpatch-early.service $(MODULE)/kpatch-early-rollback.service
	install -m 755 $(MODULE)/module-setup.sh $(DEST)$(DRACUT)
	install -m 755 initramfs-tools/hook $(DEST)$(INITRAMFS_TOOLS)/hooks/kpatch-early
	install -m 644 initramfs-tools/conf-hook $(DEST)$(INITRAMFS_TOOLS)/conf-hooks.d/kpatch-early
	install -m 755 initramfs-tools/init-top $(DEST)$(INITRAMFS_TOOLS)/scripts/init-top/00-kpatch-early
	install -m 644 initramfs-tools/functions $(DEST)$(PREFIX)/lib/kpatch-early/initramfs-functions
	install -m 644 -t $(DEST)$(PREFIX)/lib/kpatch-early config/hooks/images.sh config/hooks/makers.sh config/completion/completion.sh
	[ -e $(DEST)/etc/kpatch-early/kpatch-early.conf ] || install -m 644 -t $(DEST)/etc/kpatch-early config/kpatch-early.conf
	install -m 755 config/hooks/kernel-postinst $(DEST)/etc/kernel/postinst.d/zz-kpatch-early
	install -m 755 config/hooks/kernel-install $(DEST)$(PREFIX)/lib/kernel/install.d/95-kpatch-early.install
	install -m 755 config/hooks/kernel-install-overlay $(DEST)$(PREFIX)/lib/kernel/install.d/58-kpatch-early-overlay.install
	install -m 644 -t $(DEST)$(UNITDIR) $(wildcard config/systemd/kpatch-early-*) $(MODULE)/kpatch-early.service
	install -m 644 -t $(DEST)$(UNITDIR)/kpatch.service.d config/systemd/kpatch.service.d/kpatch-early.conf
	cd config/completion && install -m 644 kpatch-early $(DEST)$(BASHDIR) && install -m 644 _kpatch-early $(DEST)$(ZSHDIR)
	for page in man/*; do \
		install -m 644 -t $(DEST)$(PREFIX)/share/man/man$${page##*.} $$page || exit 1; done

places:
	@common/places '$(DEST)' '$(PREFIX)' '$(SBINDIR)' '$(UNITDIR)'

uninstall:	## remove what install installed; a changed kpatch-early.conf is kept
	rm -f $(DEST)$(SBINDIR)/kpatch-early $(DEST)$(BASHDIR)/kpatch-early $(DEST)$(ZSHDIR)/_kpatch-early
	for page in man/*; do rm -f $(DEST)$(PREFIX)/share/man/man$${page##*.}/$${page#man/}; done
	rm -f $(addprefix $(DEST)$(INITRAMFS_TOOLS)/,hooks/kpatch-early conf-hooks.d/kpatch-early scripts/init-top/00-kpatch-early) \
		$(addprefix $(DEST)$(PREFIX)/lib/kpatch-early/,kpatch-early rebuild images.sh makers.sh initramfs-functions completion.sh) \
		$(DEST)/etc/kernel/postinst.d/zz-kpatch-early \
		$(DEST)$(PREFIX)/lib/kernel/install.d/58-kpatch-early-overlay.install \
		$(DEST)$(PREFIX)/lib/kernel/install.d/95-kpatch-early.install \
		$(addprefix $(DEST)$(UNITDIR)/,$(notdir $(wildcard config/systemd/kpatch-early-*)) kpatch-early.service) \
		$(DEST)$(UNITDIR)/kpatch.service.d/kpatch-early.conf
	rm -rf $(DEST)$(DRACUT)
	! cmp -s config/kpatch-early.conf $(DEST)/etc/kpatch-early/kpatch-early.conf || rm $(DEST)/etc/kpatch-early/kpatch-early.conf
	@{ printf '%s\n' $(DEST)$(PREFIX)/lib/kpatch-early $(DEST)$(UNITDIR)/kpatch.service.d $(DEST)/etc/kpatch-early; \
		cat $(MADE) 2>/dev/null; } | grep '^$(DEST)/' | sort -ru | while read -r folder; do \
		[ ! -d "$$folder" ] || rmdir --ignore-fail-on-non-empty "$$folder"; done
	@rm -f $(MADE)

dist:	## a tarball of the sources in $(BUILD), which builds without git
	@mkdir -p $(BUILD)
	images/sources | sort -z | tar -c --null --no-recursion -T - --owner=0 --group=0 --numeric-owner --mode=u+w,go-w,a+rX \
		--mtime=@$${SOURCE_DATE_EPOCH:-$$(stat -c %Y NEWS.md)} --transform='s|^\(\./\)*|kpatch-early-$(VERSION)/|SH' | \
		gzip -9n >$(BUILD)/kpatch-early-$(VERSION).tar.gz

deb: $(BUILD)/lib/done	## build the Debian package in $(BUILD)/deb; DEB_HOST_ARCH=arm64: for arm64
	@images/deb $(DEB_HOST_ARCH)

sample-patch-deb:	## an example of a package with a live patch; SAMPLE=lp_version SERIES=amd64
	@images/sample-patch-deb

rpm: $(BUILD)/lib/done	## build the rpm package, and its source package, in $(BUILD)/rpm
	@images/rpm

sample-patch-rpm:	## an example of one with a live patch; SAMPLE=lp_version SERIES=amd64
	@images/sample-patch-rpm

clean:	## remove what was built, downloads too
	rm -rf $(BUILD)

help:	## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

.PHONY: all san cov plain fuzzers fuzz demo check bench coverage install places uninstall dist clean help \
	deb sample-patch-deb rpm sample-patch-rpm
.DELETE_ON_ERROR:
