#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Clocks at 1970, and in 2106 where 32 bits of seconds end: a trial at the one, and a proven boot at the other.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64

# at SECONDS GUARD: a guest whose clock is at so many seconds after 1970 began
at() {
	with_settings
	set_of lp_version
	before <<<"date -s @$1; date +'kpe: the clock is at %s' >/dev/kmsg"
	ask power-cut-later panic=0 "kpe.guard=$2"
	verdict "its clock was at $1" grep -q "kpe: the clock is at $1" "$log"
}
for clocks in "3600 4294967294" "4294967294 3600"; do
	new_store
	at "${clocks% *}" trying
	at "${clocks#* }" proven
done
done_booting
