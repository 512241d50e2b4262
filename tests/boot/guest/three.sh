# SPDX-License-Identifier: GPL-2.0-or-later
# Three patches on different functions are in force, and a second run finds them so; for three-patches*.sh.
. /test/lib.sh
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

kpatch-early status >/tmp/status 2>/tmp/notices
has /tmp/status "^  lp_loadavg  *in force ([0-9]* ms)" "kpatch-early status shows the patch after the pivot"
kpatch-early list >/tmp/list 2>/tmp/notices
has /tmp/list "^lp_execdomains \[enabled\]$" "kpatch-early list shows the patch"
is "$(ps | grep -c '[k]patch-early')" 0 "no process of ours is left"

# The program is asked to do it again.
apply_again >/tmp/again
is $? 0 "a second run ends well"
state applied
for name in lp_version lp_loadavg lp_execdomains; do outcome "$name" already done "in force before"; done
no_oops
