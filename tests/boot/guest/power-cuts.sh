# SPDX-License-Identifier: GPL-2.0-or-later
# Trials without end, each from the load to the blessing, until the host cuts the power.
. /test/slots.sh
while :; do
	bless >/dev/null
	kpatch-early reset --root $here >/dev/null
	echo 0 >/sys/kernel/livepatch/lp_version/enabled
	until rmmod lp_version 2>/dev/null; do sleep 0.01; done
	kpatch-early apply >/dev/null
done
