#!/usr/bin/env bash
# on_failure=: a boot without a required patch ends, unless the administrator wanted none; initramfs without systemd.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs
skip=kpatch.skip=lp_unknown_function

on_failure poweroff
add_tree
boot_to_end "on_failure=poweroff: the machine is switched off in 10 s: lp_unknown_function is required and not in force: a function to patch was not found.*reboot: Power down"
boot_again disabled kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
boot_again policy-skipped $skip
on_failure reboot guard=required
add_tree
boot_to_end "on_failure=reboot: the machine restarts in 10 s: lp_version is required and not in force: there is neither EFI.*reboot: Restarting system" $skip

# In the place of the shell, which nobody would leave here.
on_failure emergency
add_tree
boot_to_end "on_failure=emergency: the boot waits for a shell: lp_unknown_function is required.*Boot has failed"
on_failure emergency
hook emergency <<-'END'
	setsid() {
	    echo "test: the shell, before $(pidof systemd-udevd || echo inactive)" > /dev/kmsg
	    sleep 2
	    echo "test: left" > /dev/kmsg
	    unset -f setsid
	}
END
add_tree
boot_again policy-emergency rd.shell=1 rd.emergency=none
done_booting
