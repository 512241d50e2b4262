# The driver of the root's disk came when its patch was in force.
. /test/real.sh
init_ran
state applied
for name in real_virtio_blk real_version; do
	in_force $name
	outcome $name applied done ""
	$name patched
done
dmesg >/tmp/dmesg
has /tmp/dmesg "livepatch: applying patch 'real_virtio_blk' to loading module 'virtio_blk'" "the patch was there first"
no_oops
done_testing
