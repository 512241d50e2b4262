# The bad patch between good ones: these are in force, and the boot can be blessed.
. /test/zoo.sh
state partial
guard trying
outcome "$bad" failed $step "$why"
not_in_force "$bad"
patched_version
patched_loadavg
no_oops_but_ours
says 0 "the set of patches is proven" bless
done_testing
