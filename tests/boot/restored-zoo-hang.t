#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad patches that hang: in a sleep, and in a loop that keeps the CPU, the only one and one of two.
# It waits more than it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
watched="a load or its transition has not ended in 4 s; the machine restarts"
settings=(transition_timeout=4 load_timeout=4)
crashes lp_sleep "lp_sleep: $watched"
begin=$lockups_show_soon
ends "Kernel panic.*softlockup: hung tasks" 1 lp_spin
begin=
export BOOT_CPUS=2
ends "lp_spin: $watched" 2 lp_version lp_spin lp_loadavg
comes_back
done_booting
