# SPDX-License-Identifier: GPL-2.0-or-later
# For a host that compares: the status file, after a run of before, without what it took.
. /test/lib.sh
ok 0 "it comes up"
sed 's/ ms=[0-9]*//; s/^/told: /' "$status"
apply_again >/dev/null
sed 's/ ms=[0-9]*//; s/^/told: again: /' "$status"
done_testing
