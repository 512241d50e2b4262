#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The program's own instructions, counted, for fixed runs that load nothing. A budget is some tenth over
# what it took when it was written; raise one only for something that is worth it, and say so.
load helpers

setup() { fake_root; }

# within BUDGET: a dry run of apply takes at most so many instructions. The budgets are of gcc 12; another's code may be longer.
within() {
	local count
	[ "$(musl-gcc -dumpversion)" -eq 12 ] || set -- $(($1 * 6 / 5))
	count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$early" apply --root "$root" \
		--dry-run 2>&1 | sed -n 's/.*Collected : //p')
	echo "$count instructions, of $1"
	[ "$count" -gt 1000 ] && [ "$count" -le "$1" ]
}

@test "instructions: disabled" {
	line lp_a.ko
	echo kpatch.disable=1 >"$root/proc/cmdline"
	within 25000
}

@test "instructions: no manifest" {
	within 34500
}

@test "instructions: eight patches of 4 KiB, with their digests" {
	for n in 1 2 3 4 5 6 7 8; do line lp_$n.ko; done
	within 2800000
}

@test "instructions: 8000 lines of another kernel" {
	seq 8000 | awk '{ printf "6.1.0-1-amd64 lp-%05d.ko sha256=%064d\n", $1, $1 }' >"$manifest"
	within 35000000
}
