# SPDX-License-Identifier: GPL-2.0-or-later
# Two of kpe.set= are of no use, or cost a driver; those around them are in force, and each says why it is not.
. /test/lib.sh
. /test/reasons.sh
costs_driver=1
for name in $(word set | tr , ' '); do
	case $name in
	lp_version | lp_loadavg | lp_execdomains)
		outcome "$name" applied done ""
		in_force "$name"
		;;
	lp_veto_later)
		outcome "$name" applied done ""
		costs_driver=0
		;;
	*)
		reason_of "$name"
		outcome "$name" failed "$step" "$why"
		not_in_force "$name"
		;;
	esac
done
patched_version
patched_loadavg
patched_execdomains
state partial
insmod /kpe_later.ko 2>/tmp/insmod
code=$?
if [ $costs_driver -eq 0 ]; then
	[ $code -ne 0 ]
	ok $? "the kernel refuses the driver"
else
	is $code 0 "the driver loads"
fi
no_oops_but_ours
done_testing
