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
	[[ $boot_with != images/boot ]] || {
		append_tree
		return
	}
	[[ -d $work/common ]] || common_tree
	cp -rnT "$work/common" "$tree"
	pack
}

# common_tree: what each guest gets, unless the test's own tree has it
common_tree() {
	local common=$work/common
	install -D -m 755 "$programs/early/kpatch-early" "$common/usr/sbin/kpatch-early"
	install -D -m 755 "$programs/kpatch-early" "$common/host/kpatch-early"
	install -m 755 images/guest-init "$common/init"
	mkdir "$common/test"
	cp tests/boot/guest/*.sh "$programs/record" "$common/test/"
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
