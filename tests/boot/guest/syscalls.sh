# SPDX-License-Identifier: GPL-2.0-or-later
# The system calls that apply makes fail, one at a time: an orderly end each time, and no word that is not true. One test a call.
. /test/lib.sh
export LD_LIBRARY_PATH=/strace
early=/usr/lib/kpatch-early/kpatch-early

unload() {
	echo 0 2>/dev/null >/sys/kernel/livepatch/lp_version/enabled
	until ! grep -q ^lp_version /proc/modules || rmmod lp_version 2>/dev/null; do sleep 0.01; done
	rm -rf /run/kpatch-early
	kpatch-early reset >/dev/null
}

# apply_with WORD...: under strace with these words
apply_with() { timeout -s KILL 300 /strace/ld.so /strace/strace -f "$@" $early apply >/tmp/out 2>&1; }

# is_reached NAME N: the call was made, and failed. How often apply looks until something is so is not the same each time.
is_reached() {
	grep -q INJECTED /tmp/one ||
		[ "$(awk -v name="$1(" 'index($2, name) == 1 && ++n[$1] > most { most = n[$1] } END { print most + 0 }' /tmp/one)" -ge "$2" ]
}

# orderly STATUS: no signal, no hang, and what status file and exit status say is what is so
orderly() {
	local said=failed is=failed
	[ "$1" -le 2 ] || return 1
	[ "$(cat /sys/kernel/livepatch/lp_version/enabled 2>/dev/null)" != 1 ] || is=applied
	[ -e "$status" ] || { [ "$1" -ne 0 ] || [ $is = applied ]; return; }
	! grep -q '^patch=lp_version outcome=\(applied\|already\)' "$status" || said=applied
	[ $said = $is ]
}

# judge NAME N STATUS: one test
judge() {
	local text="fewer calls of $1 than $2 this time" bad
	if is_reached "$1" "$2"; then
		text="$1 fails the $2. time"
		grep -q INJECTED /tmp/one && orderly "$3"
	else
		[ "$3" -eq 0 ] && orderly 0
	fi
	bad=$?
	ok $bad "$text: status $3"
	[ $bad -eq 0 ] || cat /tmp/out /tmp/one | diag
}

unload
apply_with -o /tmp/trace
is $? 0 "apply without a fault"
unload
# Each process's calls are counted. Left out is what cannot fail, and arch_prctl: without it the C library ends by a signal.
awk '{ sub(/\(.*/, "", $2) } $2 ~ /^[a-z_0-9]+$/ && $2 !~ /^(exit|exit_group|execve|arch_prctl)$/ { n = ++count[$1 " " $2]; if (n > most[$2]) most[$2] = n }
	END { for (name in most) print name, most[name] }' /tmp/trace | sort >/tmp/calls
[ "$(wc -l </tmp/calls)" -gt 20 ]
ok $? "apply makes more than twenty kinds of system calls"
while read -r name most; do
	# The look for watchdog drivers is one loop over them all. Of its many calls each fifth fails.
	for n in $(seq "$most" | awk 'NR <= 60 || NR % 5 == 0'); do
		apply_with -o /tmp/one -e "trace=$name" -e "inject=$name:error=EIO:when=$n"
		code=$?
		judge "$name" "$n" $code
		unload
	done
done </tmp/calls
no_oops
done_testing
