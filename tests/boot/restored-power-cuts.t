#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Power cuts at random points of trials: QEMU is killed, and the host reads the store. No slot is ever torn, and one of the
# two is valid. Each cut comes at random after a step that is random, too. What the host's kernel has taken is not lost, so
# this shows the order of what is written, not what a disk's own cache loses.
# It waits as long as it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
guest=power-cuts
none="no set of patches is on trial" trying="was not loaded at this boot" proven="is proven already"
new_store
with_settings
set_of lp_version
before <<<"echo 'kpe: begins' >/dev/kmsg"
add_tree

declare -A found=([none]=0 [trying]=0 [proven]=0)
steps=(begins "the root's init runs" blesses blessed resets)
cuts=$(rounds 100 500)
for ((i = 0; i < cuts; i++)); do
	new_store
	power_cut "kpe: ${steps[RANDOM % 5]}" "0.$(printf %03d $((RANDOM % 300)))"
	store_is "$none|$trying|$proven"
	said=$(of_store)
	for state in none trying proven; do
		! grep -qE "${!state}" <<<"$said" || found[$state]=$((found[$state] + 1))
	done
done
for state in none trying proven; do
	check $((found[$state] == 0)) "some of the cuts found the store in the state: ${!state}"
done
figure "$boots power cuts found the store empty ${found[none]} times, in a try ${found[trying]}, proven ${found[proven]}"
done_booting
