#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# on_failure=: a boot without a required patch ends, unless the administrator wanted none. Our program is PID
# 1, which has a shell on the console, if there is one. policy-hook.t has on_failure=poweroff.
# It waits more than it computes.
. "$(dirname "$0")/restore.sh"
use amd64

on_failure poweroff
add_tree
boot_again disabled kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
on_failure reboot guard=required
add_tree
boot_to_end "on_failure=reboot: the machine restarts in 10 s: lp_version is required and not in force: there is neither EFI.*reboot: Restarting system" kpatch.skip=lp_unknown_function

on_failure emergency
add_tree
boot_to_end "on_failure=emergency.*there is no shell: it is missing; the machine is switched off in 10 s.*reboot: Power down"
on_failure emergency
install -D -m 755 /dev/stdin "$tree/bin/sh" <<-'END'
	#!/bin/busybox sh
	[ -c /dev/console ] && [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && (: </dev/tty) && echo "test: the shell, on its terminal" >/dev/kmsg
	kill -9 $$
END
ask policy-pid1
done_booting
