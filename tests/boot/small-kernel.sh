# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests that boot a small kernel of our own configuration, after lib.sh: their guest has one archive and no disk.
export BOOT_DISK=none

# small_guest: the tree, and all that a guest needs besides, is the initramfs of the next boots
small_guest() {
	local applet
	install -D -m 755 /bin/busybox "$tree/bin/busybox"
	install -D -m 755 "$BUILD/early/kpatch-early" "$tree/usr/sbin/kpatch-early"
	install -D -m 755 "$BUILD/kpatch-early" "$tree/host/kpatch-early"
	install -m 755 tests/boot/guest/small-init "$tree/init"
	mkdir -p "$tree"/{usr/bin,test}
	for applet in $(busybox --list); do ln -s /bin/busybox "$tree/usr/bin/$applet"; done
	cp tests/boot/guest/*.sh "$tree/test/"
	: >"$tree/etc/initrd-release"
	alone
}

# boot_small NAME [WORD...]: one of several boots; our program is PID 1
boot_small() { boot_again "$1" rdinit=/usr/sbin/kpatch-early "${@:2}"; }
