#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the boot guard's record knows of several sets, in restored guests: the last known good, sets that boot in turn, the
# switch, and a record that is lost.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64

# crash: a boot that the bad patch ends
crash() { boot_to_restart "Kernel panic.*lp_panic panics"; }

# Good patches, and one more that panics: the good ones come back at the boot after its tries, and at each later one.
new_store
with_settings
set_of lp_version lp_loadavg
boot_again sets-bless panic=0 kpe.guard=trying
set_of lp_version lp_loadavg lp_panic
crash
crash
boot_again sets-part panic=0
cp "$store" "$work/before"
boot_again sets-part panic=0
verdict "nothing more was written" cmp "$store" "$work/before"

# The set without the bad patch, by the command line; it is no way around the quarantine.
boot_again sets-bless panic=0 kpe.guard=proven kpatch.skip=lp_panic
boot_again sets-part panic=0

# The switch is obeyed at each boot until it is taken back, whatever the command line says.
boot_again sets-off panic=0 kpe.says=disable
boot_again sets-off panic=0 kpatch.disable=0 kpe.says=enable
boot_again sets-part panic=0

# Two sets in turn, as A/B images: four crashes with guard_tries=2, and none more.
new_store
with_settings
for boot in 1 2; do
	set_of lp_version lp_panic
	crash
	set_of lp_loadavg lp_panic
	crash
done
tries=2
set_of lp_version lp_panic
guest zoo-quarantined lp_version lp_panic
set_of lp_loadavg lp_panic
guest zoo-quarantined lp_loadavg lp_panic

# The record is lost: with the flag file it is made again, and counts.
lose_record() { truncate -s 0 "$store" && new_store && dd if=/dev/zero of="$store" bs=512 seek=2048 count=9 conv=notrunc status=none; }
lose_record
new_tree
line lp_version.ko
install -D /dev/null "$tree/etc/kpatch-early/guarded"
take_tree
boot_again sets-lost panic=0
boot_again sets-bless panic=0 kpe.guard=proven
done_booting
