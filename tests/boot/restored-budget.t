#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# boot_budget=: eight patches that stall, between two good ones. What is reached is reversed, and the boot goes on.
# It waits more than it computes.
. "$(dirname "$0")/restore.sh"
use amd64

# stalling_patches: adds seven more, which differ from lp_stall in their name alone
stalling_patches() {
	local name
	line lp_stall.ko
	for name in lp_stal{2..8}; do
		sed "s/lp_stall/$name/g" "$patches/lp_stall.ko" >"$work/$name.ko"
		install -D -m 644 "$work/$name.ko" "$baked/$name.ko"
		raw_line "$name.ko" "$(sum "$work/$name.ko")"
	done
}

patches lp_version
stalling_patches
line lp_loadavg.ko
install -m 644 "$patches/kpe_sleeper.ko" "$tree/kpe_sleeper.ko"
before <<<"insmod /kpe_sleeper.ko"
printf '%s\n' transition_timeout=4 boot_budget=20 >"$tree/etc/kpatch-early/kpatch-early.conf"
ask budget
done_booting
