# A cumulative patch displaces two required ones, and patches the function of one of them. A second run agrees.
. /test/lib.sh
again() {
	outcome lp_version failed inactive "replaced by lp_replace, so its function version_proc_show is open again"
	outcome lp_loadavg skipped done "replaced by lp_replace"
	state failed
}
init_ran
original_version
has /proc/loadavg " replaced$" "the cumulative patch is in force"
in_force lp_replace
outcome lp_replace applied done ""
again
our_log
has /tmp/log "^lp_version: failed at inactive: replaced by lp_replace, so its function version_proc_show is open again" \
	"the kernel log says which function is open again"
apply_again >/tmp/again
is $? 1 "a second run says that a patch is missing"
outcome lp_replace already done "in force before"
again
no_oops
done_testing
