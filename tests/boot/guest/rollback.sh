# The kernel refused the disk's driver for lp_veto: all was turned off, and the same boot came up.
. /test/guard.sh
state quarantined
guard failed
has "$status" '^reason="the root did not come, so 2 patches were turned off; the kernel says: livepatch: .*refusing to load module .virtio_blk' \
	"the status file says why"
all_original
for name in lp_version lp_veto; do
	not_loaded $name
	outcome $name skipped guard "the root did not come, so it was turned off"
done
our_log
has /tmp/log "^the root did not come, so 2 patches were turned off" "the log says why"
says 1 "" kpatch-early status --quiet
no_oops_but_ours
done_testing
