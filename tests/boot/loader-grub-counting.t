#!/usr/bin/env bash
# GRUB counts the boots that nobody blessed, config/boot/grub-counting.cfg: a patch that panics, without any
# boot guard, costs three, and the machine comes up by itself, unpatched. The guest has no grub-editenv, so
# the drop-in's command runs here.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
ends_anywhere
export BOOT_GRUBENV=$work/grubenv
grub-editenv "$BOOT_GRUBENV" create

# bless: what grub-bless.conf has systemd run after a good boot
bless() {
	local command
	command=$(sed -n "s/^ExecStartPre=-\/bin\/sh -c '\(.*\)'$/\1/p" config/boot/grub-bless.conf)
	[[ $command == *"grub-editenv - set"* ]]
	sh -c "${command//grub-editenv -/grub-editenv $BOOT_GRUBENV}"
}

# left VALUE TEXT
left() { says "kpatch_tries=$1" "$2" grub-editenv "$BOOT_GRUBENV" list; }

overlay lp_panic
boot_loader grub debian disabled kpe_reason=kpatch.disable_on_the_kernel_command_line rdinit=/usr/sbin/kpatch-early
panicked 3
left off "the boot loader turned live patching off"
bless
left off "and a good boot doesn't turn it on"
overlay lp_version
boot_loader grub on one-patch rdinit=/usr/sbin/kpatch-early
left 2 "the entry that turns it on does, and the boot is counted"
bless
left 3 "a boot that came up well sets the count back"
done_booting
