#!/usr/bin/env bash
# A patch that spins with its interrupts off on the only CPU: nothing but the machine's own watchdog ends
# that. Its driver is in the initramfs unasked, and loaded because a device of the machine asks for it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/slots.sh"
use amd64
new_store
with_settings load_timeout=8
export INITRAMFS_SETTINGS=$work/settings BOOT_ARGUMENTS="-device i6300esb -watchdog-action reset"
base hook lp_version
first_base=$initramfs
set_of lp_version lp_spin_irq
real_restart=yes boot_to_restart "i6300ESB timer.*initialized"
verdict "no panic has ended it" test "$(grep -c "Kernel panic" "$log")" = 0
store_is "was not loaded at this boot"
set_of lp_version lp_loadavg
boot_again watchdog-rests
done_booting
