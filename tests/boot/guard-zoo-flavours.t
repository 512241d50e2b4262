#!/usr/bin/env bash
# Bad patches in cold boots by dracut: on kernel 6.12, whose modules are compressed, with systemd in the
# initramfs, and one that kills dracut's shell, which is PID 1. The boots behind them are restored guests, but
# systemd's.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"

# ends_cold FLAVOUR TEXT NAME...: a cold boot with the set of these names ends with TEXT, and the store
# remembers the try
ends_cold() {
	boot_with=images/boot
	base "$1" lp_version
	first_base=$initramfs
	new_store
	with_settings guard_tries=1
	set_of "${@:3}"
	boot_to_restart "$2"
	store_is "not blessed|was not loaded at this boot"
}

# next_restored NAME...: the boot after it is unpatched
next_restored() {
	boot_with=images/restored
	set_of "$@"
	tries=1 guest zoo-quarantined "$@"
}

oops="Kernel panic.*Fatal exception"
use 6.12-amd64
ends_cold hook "$oops" lp_version lp_oops_callback lp_loadavg
next_restored lp_version lp_oops_callback lp_loadavg
comes_back
use amd64
ends_cold systemd "$oops" lp_version lp_oops_callback lp_loadavg
tries=1 guest zoo-quarantined lp_version lp_oops_callback lp_loadavg
boot_with=images/restored
comes_back
ends_cold hook "Kernel panic.*Attempted to kill init" lp_version lp_exec_fails lp_loadavg
next_restored lp_version lp_exec_fails lp_loadavg
done_booting
