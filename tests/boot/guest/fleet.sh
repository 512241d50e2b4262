# SPDX-License-Identifier: GPL-2.0-or-later
# A machine of a fleet. The word kpe.patches= says what is in force and nothing else, and kpe.answer= what the root's program answers.
. /test/lib.sh
init_ran
patches=$(word patches)
is "$(ls /sys/kernel/livepatch | paste -sd ,)" "$patches" "these patches are in the kernel: ${patches:-none}"
for name in $(echo "$patches" | tr , ' '); do in_force "$name"; done
case $patches in
*lp_version*) patched_version ;;
*) original_version ;;
esac
case $patches in
*lp_loadavg*) patched_loadavg ;;
*) original_loadavg ;;
esac
answer=$(word answer)
kpatch-early status >/tmp/answer
diag </tmp/answer
kpatch-early status --metrics >/tmp/metrics
has /tmp/metrics "^kpatch_early_answer{answer=\"$answer\"} 1\$" "the root's program answers $answer"
case $answer in
patched) state applied ;;
off) state disabled ;;
not-installed)
	has /tmp/answer "^NOT PATCHED: no live patch is installed for this kernel, " "and so in words"
	[ ! -e "$status" ]
	ok $? "there is no status file"
	;;
esac
no_oops
done_testing
