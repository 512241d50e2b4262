#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is armed while a set is on trial, and how a boot goes on behind a load that never ends, or dies, where
# nothing is remembered.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/slots.sh"
use amd64
new_store
with_settings
set_of lp_version
boot_again guard-armed panic=0
with_settings transition_timeout=4 load_timeout=8 guard=off
export BOOT_CPUS=2
for bad in lp_sleep lp_oops; do
	set_of lp_version $bad lp_loadavg
	boot_again left-behind panic=0 kpe_bad=$bad
done
done_booting
