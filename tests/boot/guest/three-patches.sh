# Three patches on different functions are in force, and a second run finds them so.
. /test/lib.sh
init_ran
patched_version
patched_loadavg
patched_execdomains
for name in lp_version lp_loadavg lp_execdomains; do in_force "$name"; done
state applied
is "$(sed -n 's/^kernel=//p' "$status")" "$(uname -r)" "the status file names the running kernel"
is "$(sed -n 's/^patch=\([^ ]*\).*/\1/p' "$status" | tr '\n' ' ')" "lp_version lp_loadavg lp_execdomains " \
	"the status file lists the patches in the order of the manifest"
is "$(dmesg | sed -n "s/.*livepatch: enabling patch '\(.*\)'/\1/p" | tr '\n' ' ')" \
	"lp_version lp_loadavg lp_execdomains " "the kernel enabled them in that order"
our_log
for name in lp_version lp_loadavg lp_execdomains; do
	has /tmp/log "^$name: applied in [0-9]* ms" "the kernel log says that $name was applied"
done
has /tmp/log "^applied: 3 of 3 patches" "the kernel log sums it up"

enabled_at=$(dmesg | sed -n "s/^\[ *\([0-9.]*\)\].*'lp_execdomains': patching complete/\1/p")
driver_at=$(dmesg | sed -n 's/^\[ *\([0-9.]*\)\].*virtio_blk virtio0.*/\1/p' | head -n 1)
is "$(awk "BEGIN { print ($enabled_at < $driver_at) }")" 1 \
	"the last patch was in force ($enabled_at s) before the first driver came up ($driver_at s)"

kpatch-early status >/tmp/status
has /tmp/status "^patch  *lp_loadavg applied" "kpatch-early status shows the patch after the pivot"
kpatch-early list >/tmp/list
has /tmp/list "^lp_execdomains \[enabled\]$" "kpatch-early list shows the patch"
[ ! -e /run/kpatch-early/systemctl ] || {
	has /run/kpatch-early/systemctl "Active: active (exited)" "systemctl status shows the unit's result"
	has /run/kpatch-early/systemctl "applied: 3 of 3 patches" "systemctl status shows its summary"
}

is "$(ps | grep -c '[k]patch-early')" 0 "no process of ours is left"

# The program is asked to do it again, with the tree that it had in the initramfs.
cp -r /run/kpatch-early/tree /tmp/tree
for link in proc sys dev run; do ln -s "/$link" "/tmp/tree/$link"; done
kpatch-early apply --root /tmp/tree >/tmp/again
is $? 0 "a second run ends well"
state applied
for name in lp_version lp_loadavg lp_execdomains; do outcome "$name" already done "in force before"; done
no_oops
done_testing
