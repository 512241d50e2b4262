# SPDX-License-Identifier: GPL-2.0-or-later
# Three patches in a boot by dracut: in force before the first driver, and systemd knows the unit's result.
. /test/three.sh
init_ran
enabled_at=$(dmesg | sed -n "s/^\[ *\([0-9.]*\)\].*'lp_execdomains': patching complete/\1/p")
driver_at=$(dmesg | sed -n 's/^\[ *\([0-9.]*\)\].*virtio_blk virtio0.*/\1/p' | head -n 1)
is "$(awk "BEGIN { print ($enabled_at < $driver_at) }")" 1 \
	"the last patch was in force ($enabled_at s) before the first driver came up ($driver_at s)"

[ ! -e /run/kpatch-early/systemctl ] || {
	has /run/kpatch-early/systemctl "Active: active (exited)" "systemctl status shows the unit's result"
	has /run/kpatch-early/systemctl "applied: 3 of 3 patches" "systemctl status shows its summary"
}

done_testing
