# A kernel that is patched by a core module, and has /sys/kernel/kpatch instead of /sys/kernel/livepatch.
. /test/lib.sh
early=/usr/lib/kpatch-early/kpatch-early

by_core() { # by_core FOLDER NAME VALUE
	is "$(cat "$1/$2/enabled" 2>&1)" "$3" "the core module says of $2 that enabled is $3"
}

[ ! -e /sys/kernel/livepatch ]
ok $? "the kernel has no live patching of its own"
has /proc/modules "^kpatch .* oc_" "the core module is loaded, and the patches need it"
patched_version
patched_loadavg
by_core /sys/kernel/kpatch oc_version 1
by_core /sys/kernel/kpatch oc_loadavg 1
state applied
outcome oc_version applied done ""
outcome oc_loadavg applied done ""
dmesg >/tmp/dmesg
is "$(grep -c "kpatch: activeness safety check failed for 'loadavg_proc_show'" /tmp/dmesg)" 2 \
	"the core module refused twice before it patched"
our_log
has /tmp/log "^applied: 2 of 2 patches" "the kernel log says what was applied"
hasnt /tmp/log "kpatch\.ko" "and nothing of the core module, which is no patch"

is "$(kpatch-early list 2>/dev/null | tr '\n' ' ')" \
	"Loaded patch modules: oc_loadavg [enabled] oc_version [enabled]  Installed patch modules: oc_loadavg ($(uname -r)) oc_version ($(uname -r)) " \
	"list shows both"
kpatch-early info oc_version >/tmp/info
has /tmp/info "^loaded: *yes, enabled$" "info says that it is in force"
has /tmp/info "^depends: *kpatch$" "info says what it needs"
kpatch-early status >/tmp/status
has /tmp/status "^patched: 2 of 2 live patches in force" "status says that both are in force"
$early apply >/tmp/again
is $? 0 "a second run has nothing to do"
has "$status.last" "^patch=oc_version outcome=already " "and says already"

$early rollback >/tmp/rollback 2>&1
is "$(cat /tmp/rollback)" "the root did not come, so 2 patches were turned off" "rollback turns both off"
original_version
original_loadavg
not_loaded oc_version
not_loaded oc_loadavg

# As kpatch's core module was before 0.4
rmmod kpatch
ok $? "the core module can go then"
insmod "/usr/lib/kpatch/$(uname -r)/kpatch.ko" old_layout=1
ok $? "it comes again with the older layout of sysfs"
rm -r /run/kpatch-early
$early apply >/tmp/again
is $? 0 "apply works with that, too"
patched_version
by_core /sys/kernel/kpatch/patches oc_version 1
state applied
has /proc/modules "^oc_loadavg " "each patch is loaded"
is "$(kpatch-early list 2>/dev/null | sed -n 2,3p | tr '\n' ' ')" "oc_loadavg [enabled] oc_version [enabled] " "list shows both"
rm "/var/lib/kpatch/$(uname -r)/oc_version.ko"
kpatch-early info oc_version >/tmp/info
has /tmp/info "^patches: *(objects not told): version_proc_show$" "info shows the function"
$early rollback >/tmp/rollback 2>&1
is "$(cat /tmp/rollback)" "the root did not come, so 2 patches were turned off" "rollback turns both off"
original_version
no_oops
done_testing
