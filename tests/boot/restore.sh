# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests that ask a restored guest, in the place of a boot: what lib.sh calls a boot is one here. The tree is all that
# the guest gets, beside BusyBox, our program and the guest's scripts; our program is PID 1, and the script's shell the next.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
boot_with=images/restored first_base=

# add_tree: the archive for the next guests is the tree of now
add_tree() {
	install -D -m 755 "$BUILD/kpatch-early" "$tree/usr/sbin/kpatch-early"
	install -m 755 images/guest-init "$tree/init"
	mkdir -p "$tree/test"
	cp -n tests/boot/guest/*.sh "$tree/test/"
	pack
}

# pack: the tree, as it is, is the archive for the next guests
pack() {
	(cd "$tree" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$work/archive"
	initramfs=$work/archive
}

# new_tree: begins a tree with nothing in it
new_tree() {
	rm -rf "$tree"
	mkdir "$tree"
}

# patches NAME...: a new tree with these patches
patches() {
	local name
	new_tree
	for name in "$@"; do line "$name.ko"; done
}

# before < SCRIPT: what the guest does before our program runs
before() { cat >"$tree/before"; }

# ask NAME [WORD...]: one of several guests, with the tree of now
ask() {
	add_tree
	boot_again "$@"
}

# boot_until_end [WORD...]: with the script $guest, if it comes so far. A panic ends it at the line that announces the
# restart: for the seconds till then the kernel would only count.
boot_until_end() {
	local boot announced="Rebooting in [0-9]* seconds"
	next_log
	rm -f "$work/pid" "$log"
	BOOT_ARGUMENTS="${BOOT_ARGUMENTS:-} -pidfile $work/pid" \
		"$boot_with" "$kernel" "$initramfs" "${guest:-none}" "$log" "$@" >"$work/tap" 2>"$work/errors" &
	boot=$!
	until grep -qs "$announced" "$log" || ! kill -0 $boot 2>/dev/null; do sleep 0.05; done
	if grep -qs "$announced" "$log"; then kill -9 "$(<"$work/pid")"; fi
	wait $boot || grep -q "$announced" "$log" || {
		cat "$work/errors" >&2
		echo "Bail out! boot $boots: the machine did not end"
		exit 1
	}
}
