#!/usr/bin/env bash
# Power cuts at each step of the boot guard's protocol: QEMU is killed. One never is a quarantine, two are.
# It waits more than it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
none="no set of patches is on trial" trying="was not loaded at this boot" proven="is proven already"
guest=power-cut

# at TEXT STATE: a power cut at TEXT leaves the store in STATE
at() {
	power_cut "$1" 0
	store_is "$2"
}

# before_the_marker STATE: the driver of the store is being loaded
before_the_marker() {
	with_settings guard_modules=kpe_slow,virtio_pci,virtio_blk
	set_of lp_slow
	at "kpe_slow begins" "$1"
	with_settings
	set_of lp_slow
}

# later GUARD: a boot that comes up patched, and is blessed
later() { boot_again power-cut-later panic=0 "kpe.guard=$1"; }

new_store
before_the_marker "$none"
at "kpe_slow begins" "$trying"	# the marker is written, and nothing is loaded yet
later trying
cp "$store" "$work/before"
before_the_marker "$proven"
at "kpe: blesses" "$proven"
later proven
verdict "boots with a proven set write nothing, whatever ends them" cmp "$store" "$work/before"

new_store
at "kpe: blesses" "$trying|$proven"
at "kpe: blessed" "$proven"

new_store
at "lp_slow begins" "$trying"
guest=zoo-waits at "kpe: the root's init runs" "$trying"
tries=2
guest zoo-quarantined lp_slow
store_is "not blessed: 2 boots loaded it"
done_booting
