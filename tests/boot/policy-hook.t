#!/usr/bin/env bash
# on_failure=: a boot without a required patch ends, or waits for dracut's shell; initramfs without systemd.
# What is asked of the program alone is in restored-policy.t.
# It waits as long as it computes.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version
first_base=$initramfs

on_failure poweroff
add_tree
boot_to_end "on_failure=poweroff: the machine is switched off in 10 s: lp_unknown_function is required and not in force: a function to patch was not found.*reboot: Power down"
# In the running system, whose root is mounted, the program ends nothing.
boot_again policy-skipped kpatch.skip=lp_unknown_function

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
