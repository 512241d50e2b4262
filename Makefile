# SPDX-License-Identifier: GPL-2.0-or-later
# Overrides: CC (musl's), BUILD, PREFIX, DESTDIR, KMOD_SRC=, SODIUM_SRC= (see early/libs).
# "make help" lists the targets.

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr
DESTDIR ?=
CC = musl-gcc
SIZE_MAX := 196608

export KMOD_SRC SODIUM_SRC BUILD

SOURCES := apply bake buildid cmdline digest file klog list livepatch loader main manifest names \
	patch report result settings show status store text tools
OBJECTS := $(SOURCES:%=$(BUILD)/early/%.o)
PROGRAM := $(BUILD)/kpatch-early
MODULE := dracut-module/50kpatch-early
DRACUT := $(PREFIX)/lib/dracut/modules.d/50kpatch-early

WARNINGS := -Wall -Wextra -Wshadow -Wswitch-enum -Wformat=2 -Wvla -Wstrict-prototypes \
	-Wmissing-prototypes -Werror
CPPFLAGS := -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I$(BUILD)/lib/include -DSODIUM_STATIC=1
CFLAGS := -std=gnu11 -Os $(WARNINGS) -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
	-fstack-protector-strong -ffile-prefix-map=$(CURDIR)/=
LDFLAGS := -static -s -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now -Wl,--build-id=none

all: $(PROGRAM)	## build the program

$(PROGRAM): $(OBJECTS) $(BUILD)/lib/done
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@.new $(OBJECTS) $(BUILD)/lib/libkmod.a $(BUILD)/lib/libsodium.a
	early/check-binary $@.new $(SIZE_MAX)
	mv $@.new $@

$(BUILD)/early/%.o: early/%.c Makefile $(BUILD)/lib/done
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)

$(BUILD)/lib/done: early/libs
	early/libs $(BUILD)

install: $(PROGRAM)	## install below $(DESTDIR)$(PREFIX)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/sbin/kpatch-early
	install -D -m 644 -t $(DESTDIR)$(DRACUT) $(MODULE)/kpatch-early.sh $(MODULE)/kpatch-early.service
	install -m 755 $(MODULE)/module-setup.sh $(DESTDIR)$(DRACUT)
	[ -e $(DESTDIR)/etc/kpatch-early/kpatch-early.conf ] || \
		install -D -m 644 -t $(DESTDIR)/etc/kpatch-early config/kpatch-early.conf
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man8 man/kpatch-early.8
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 man/kpatch-early.manifest.5

uninstall:	## remove what install installed; a changed kpatch-early.conf is kept
	rm -f $(DESTDIR)$(PREFIX)/sbin/kpatch-early $(DESTDIR)$(PREFIX)/share/man/man8/kpatch-early.8 \
		$(DESTDIR)$(PREFIX)/share/man/man5/kpatch-early.manifest.5
	rm -rf $(DESTDIR)$(DRACUT)
	! cmp -s config/kpatch-early.conf $(DESTDIR)/etc/kpatch-early/kpatch-early.conf || \
		rm $(DESTDIR)/etc/kpatch-early/kpatch-early.conf
	[ ! -d $(DESTDIR)/etc/kpatch-early ] || \
		rmdir --ignore-fail-on-non-empty $(DESTDIR)/etc/kpatch-early

clean:	## remove what was built, downloads too
	rm -rf $(BUILD)

help:	## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

.PHONY: all install uninstall clean help
.DELETE_ON_ERROR:
