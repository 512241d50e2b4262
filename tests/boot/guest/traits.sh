# SPDX-License-Identifier: GPL-2.0-or-later
# What this kernel does in its own way, for the manual's table: the host compares. What before found is in /ftrace.
. /test/lib.sh
patched_version
sys=/sys/kernel/livepatch/lp_version
files=
[ ! -e $sys/vmlinux/patched ] || files=patched
[ ! -e $sys/replace ] || files="$files, replace"
[ ! -e $sys/stack_order ] || files="$files, stack_order"
echo "trait: $(if [ "$(cat /ftrace)" = 0 ]; then echo yes; else echo no; fi)"
echo "trait: ${files:-none of them}"
insmod /other-release.ko 2>/dev/null && answer=loads || answer="?"
! dmesg | grep -q "version magic .* should be" || answer=refuses
echo "trait: $answer"
done_testing
