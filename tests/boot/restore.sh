# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests that ask a restored guest, in the place of a boot: what lib.sh calls a boot is one here. The
# tree is all that the guest gets, beside BusyBox, our program and the guest's scripts; our program is PID 1,
# and the script's shell the next.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
boot_with=images/restored first_base=

# add_tree: the archive for the next guests is the tree of now. A test may have cold boots, too, with
# boot_with=images/boot.
add_tree() {
	[[ $boot_with == images/restored ]] || {
		append_tree
		return
	}
	install -D -m 755 "$BUILD/early/kpatch-early" "$tree/usr/sbin/kpatch-early"
	install -D -m 755 "$BUILD/kpatch-early" "$tree/host/kpatch-early"
	install -m 755 images/guest-init "$tree/init"
	mkdir -p "$tree/test"
	cp -n tests/boot/guest/*.sh "$BUILD/record" "$tree/test/"
	pack
}

# pack: the tree, as it is, is the archive for the next guests
pack() {
	(cd "$tree" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$work/archive"
	initramfs=$work/archive
}

# patches NAME...: a new tree with these patches
patches() {
	local name
	new_tree
	for name in "$@"; do line "$name.ko"; done
}

# before < SCRIPT: what the guest does before our program runs
before() { cat >"$tree/before"; }

# For $begin: the kernel sees a soft lockup after 4 s, and not 20, of a loop that the host's CPU runs.
lockups_show_soon="echo 2 >/proc/sys/kernel/watchdog_thresh"

# ask NAME [WORD...]: one of several guests, with the tree of now
ask() {
	add_tree
	boot_again "$@"
}
