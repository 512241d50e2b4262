# The bad patch alone, refused by the kernel: the boot goes on, and the next one may try it again.
. /test/zoo.sh
state failed
guard trying
outcome "$bad" failed $step "$why"
not_in_force "$bad"
all_original
[ "$step" = transition ] ||
	is "$(cat /proc/sys/kernel/panic)" 0 "nothing is armed for a set that is not in force"
no_oops_but_ours
done_testing
