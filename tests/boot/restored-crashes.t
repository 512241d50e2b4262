#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each sample that crashes or hangs the machine, behind and before one that is refused, one that stalls, and one that costs a
# driver: it ends as its own row of restored-zoo-*.t says, and the guard remembers the try. lp_spin_irq needs the machine's
# watchdog, which only guard-watchdog.t has.
# It waits more than it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
guest=zoo-waits
begin=$lockups_show_soon

# set_ends TEXT NAME...: a guest with the set of these names ends with TEXT
set_ends() {
	new_store
	with_settings transition_timeout=2 load_timeout=4
	set_of "${@:2}"
	boot_to_restart "$1"
	store_is "was not loaded at this boot"
}

# beside NAME TEXT: a sample, and what is on the console when it has ended the guest
beside() {
	local other
	for other in lp_unknown_function lp_stall lp_veto_later; do
		set_ends "$2" "$1" "$other"
		set_ends "$2" "$other" "$1"
	done
}

beside lp_panic "Kernel panic.*lp_panic panics"
beside lp_oops "Kernel panic.*Fatal exception"
beside lp_oops_callback "Kernel panic.*Fatal exception"
beside lp_sleep "lp_sleep: a load or its transition has not ended in 4 s; the machine restarts"
beside lp_spin "Kernel panic.*softlockup: hung tasks"
beside lp_panic_later "Kernel panic.*lp_panic_later panics"
beside lp_exec_fails "Kernel panic.*Attempted to kill init"
figure "$boots sets of one that crashes or hangs and one that is useless"
done_booting
