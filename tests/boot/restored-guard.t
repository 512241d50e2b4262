#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The boot guard's story on a partition in restored guests, with one more boot in each state: that one writes
# nothing.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/slots.sh"
use amd64

# unwritten NAME: one more boot, which leaves the store as it is
unwritten() {
	cp "$store" "$work/before"
	boot_again "$1" panic=0
	verdict "nothing was written" cmp "$store" "$work/before"
}

new_store
with_settings
set_of lp_version lp_panic lp_loadavg
boot_to_restart "Kernel panic.*lp_panic panics"
boot_to_restart "Kernel panic.*lp_panic panics"
boot_again slots-quarantined panic=0
unwritten slots-quarantined
set_of lp_version lp_loadavg
boot_again slots-trying panic=0
boot_again slots-proven panic=0
unwritten slots-proven
done_booting
