#!/usr/bin/env bash
# on_failure=emergency in an initramfs with systemd: dracut's own emergency, and the boot goes on behind its shell.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd lp_version
first_base=$initramfs

on_failure emergency
add_tree
boot_to_end "on_failure=emergency: the boot waits for a shell: lp_unknown_function is required.*reboot: Power down"

# shell_is_left: in the place of the shell, which nobody would leave here
shell_is_left() {
	on_failure emergency
	install -D -m 755 /dev/stdin "$tree/usr/sbin/sulogin" <<-'END'
		#!/bin/sh
		echo "test: the shell, before $(systemctl is-active systemd-udevd.service)" >/dev/kmsg
		sleep 2
		echo "test: left" >/dev/kmsg
	END
	add_tree
	boot_again policy-emergency rd.shell=1 rd.emergency=none
}

shell_is_left
# By an overlay's hook, in an initramfs that has no unit of ours.
base systemd
overlay lp_version
cat "$initramfs" "$overlay" >"$work/joined"
first_base=$work/joined
shell_is_left
done_booting
