# SPDX-License-Identifier: GPL-2.0-or-later
# One bit of the only patch is flipped, and the manifest has the digest of that: what the status file says is what is so.
. /test/lib.sh
name=$(sed -n 's/^patch=\([^ ]*\) .*/\1/p' "$status")
if grep -q '^patch=.* outcome=applied ' "$status"; then
	state applied
	in_force "$name"
else
	state failed
	has "$status" '^patch=.* outcome=failed ms=[0-9]* step=[a-z]* reason="..*"$' "there is a reason"
	[ "$(cat "/sys/kernel/livepatch/$name/enabled" 2>/dev/null || echo 0)" = 0 ]
	ok $? "and it is not in force"
fi
cat /proc/version >/dev/null
no_oops_but_ours
done_testing
