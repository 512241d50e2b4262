# SPDX-License-Identifier: GPL-2.0-or-later
# A trial, from the load to the blessing, and another one, until the host cuts the power. The host knows the steps by the
# console.
. /test/slots.sh
step() { echo "kpe: $*" >/dev/kmsg; }
while :; do
	step blesses
	bless >/dev/null
	step blessed
	sleep 1
	step resets
	kpatch-early reset --root $here >/dev/null
	echo 0 >/sys/kernel/livepatch/lp_version/enabled
	until rmmod lp_version 2>/dev/null; do sleep 0.01; done
	rm -f "$status"	# as the first run of a boot
	kpatch-early apply >/dev/null
done
