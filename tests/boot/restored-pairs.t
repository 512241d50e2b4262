#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every ordered pair of the samples that are refused, that stall or that cost a driver, with a good one before, between and
# behind them.
# It waits as long as it computes.
. "$(dirname "$0")/restore.sh"
use amd64
useless=(not_a_patch lp_unknown_symbol lp_unknown_function lp_init_fails lp_init_returns_one lp_stall lp_veto_later)

# pair ONE OTHER
pair() {
	patches lp_version "$1" lp_loadavg "$2" lp-execdomains
	echo transition_timeout=2 >"$tree/etc/kpatch-early/kpatch-early.conf"
	cp "$patches/kpe_later.ko" "$tree/"
	ask pair "kpe.set=lp_version,$1,lp_loadavg,$2,lp_execdomains"
}

for one in "${useless[@]}"; do
	for other in "${useless[@]}"; do
		[[ $one == "$other" ]] || pair "$one" "$other"
	done
done
figure "$boots ordered pairs of useless patches between good ones"
done_booting
