#!/usr/bin/env bash
# Stores that cannot be used, each with guard=auto and guard=required.
# It waits more than it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64

# guest_of STATE SAYS
guest_of() { boot_again stores panic=0 "kpe.state=$1" "kpe.says=${2// /_}"; }

# unguarded SAYS: loaded with a warning
unguarded() {
	with_settings guard_wait=1
	set_of lp_version
	guest_of applied "$1; the patches are loaded unguarded"
}

# useless SAYS: the same, and with guard=required nothing is loaded
useless() {
	unguarded "$1"
	with_settings guard_wait=1 guard=required
	set_of lp_version
	guest_of quarantined "$1; guard=required, so nothing is loaded"
}

# Missing.
new_store
store_name=nowhere useless "cannot use PARTLABEL=nowhere: it is missing"

# Read-only; and once more after a boot that went wrong, which no other one may follow uncounted.
read_only() {
	set_of lp_version
	before <<<"blockdev --setro /dev/vdb1"
	add_tree
	guest_of "$@"
}
new_store
with_settings guard_wait=1
read_only applied "cannot use /dev/vdb1: Operation not permitted; the patches are loaded unguarded"
with_settings guard_wait=1 guard=required
read_only quarantined "cannot use /dev/vdb1: Operation not permitted; guard=required, so nothing is loaded"
with_settings
set_of lp_version
guest=zoo-waits power_cut "kpe: the root's init runs" 0
read_only quarantined "cannot use /dev/vdb1: Operation not permitted; an earlier boot was not blessed, so nothing is loaded"

# Failing in each write, each flush, or each read of the first slot, the only one that holds a record.
failing() {
	new_store
	BOOT_SECOND_DISK='' BOOT_ARGUMENTS="-drive if=virtio,werror=report,rerror=report,driver=raw,file.driver=blkdebug,\
file.image.filename=$store,file.inject-error.0.$1,file.inject-error.0.errno=5" "${@:2}"
}
failing event=none,file.inject-error.0.iotype=write useless "cannot use /dev/vdb1: I/O error"
failing event=none,file.inject-error.0.iotype=flush unguarded "cannot use /dev/vdb1: I/O error"
unread() {
	with_settings
	set_of lp_version
	guest_of quarantined "record in /dev/vdb1 cannot be read: I/O error; nothing is loaded"
}
failing event=none,file.inject-error.0.iotype=read,file.inject-error.0.sector=2048 unread

# Damaged in both slots.
new_store
with_settings
set_of lp_version
for at in 40 4136; do
	printf '\377' | dd of="$store" bs=1 seek=$((2048 * 512 + at)) conv=notrunc status=none
	printf 'KPEguard' | dd of="$store" bs=1 seek=$((2048 * 512 + at - 40)) conv=notrunc status=none
done
boot_again stores-damaged panic=0
boot_again power-cut-later panic=0 kpe.guard=trying
done_booting
