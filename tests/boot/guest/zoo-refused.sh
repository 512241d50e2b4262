# The bad patch alone, refused by the kernel: the boot goes on, and the set has failed.
. /test/zoo.sh
state failed
guard failed
outcome "$bad" failed $step "$why"
not_in_force "$bad"
all_original
is "$(cat /proc/sys/kernel/panic)" 0 "nothing is armed for a set that is not in force"
no_oops_but_ours
done_testing
