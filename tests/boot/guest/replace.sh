# A cumulative patch displaces those before it; a second run agrees with the first.
. /test/lib.sh
again() {
	outcome lp_version skipped done "replaced by lp_replace"
	outcome lp_loadavg skipped done "replaced by lp_replace"
	state applied
}
init_ran
original_version
has /proc/loadavg " replaced$" "the cumulative patch is in force"
in_force lp_replace
again
apply_again >/tmp/again
is $? 0 "a second run ends well"
outcome lp_replace already done "in force before"
again
no_oops
done_testing
