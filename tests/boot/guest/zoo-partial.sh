# The bad patch between good ones: these are in force, and the boot is good, but the set is not proven.
. /test/zoo.sh
state partial
guard trying
outcome "$bad" failed $step "$why"
not_in_force "$bad"
patched_version
patched_loadavg
no_oops_but_ours
if [ "$step" = transition ]; then
	says 0 "not blessed: a transition did not end at this boot" bless
else
	says 0 "not proven: $bad is not in force" bless
fi
done_testing
