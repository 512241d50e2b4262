# An initramfs that initramfs-tools made with our hook: one patch stalls, the others are in force before udev and the first driver.
. /test/lib.sh
init_ran
outcome lp_stall failed transition "its transition did not end in 4 s, so it was reversed"
not_loaded lp_stall
patched_version
in_force lp_version
in_force lp_depends
has /proc/softirqs "^patched, crc_itu_t" "what the patch needs was in the initramfs"
outcome lp_version applied done ""
outcome lp_depends applied done ""
state partial
enabled_at=$(dmesg | sed -n "s/^\[ *\([0-9.]*\)\].*'lp_depends': patching complete/\1/p")
driver_at=$(dmesg | sed -n 's/^\[ *\([0-9.]*\)\].*virtio_blk virtio0.*/\1/p' | head -n 1)
is "$(awk "BEGIN { print ($enabled_at < $driver_at) }")" 1 \
	"the last patch was in force ($enabled_at s) before the first driver came up ($driver_at s)"
kpatch-early status >/tmp/status 2>/tmp/notices
has /tmp/status "^  lp_version  *in force ([0-9]* ms)" "kpatch-early status shows the patch after the pivot"
is "$(ps | grep -c '[k]patch-early')" 0 "no process of ours is left"
no_oops
done_testing
