#!/usr/bin/env bash
# on_failure=emergency as rdinit= over an initramfs of BusyBox alone: a shell on the console, or the end.
. "$(dirname "$0")/lib.sh"
use amd64
first_base=

# system: the tree of an initramfs that has all but a shell in /bin
system() {
	on_failure emergency
	install -D -m 755 /bin/busybox "$tree/bin/busybox"
	install -D -m 755 "$BUILD/kpatch-early" "$tree/usr/sbin/kpatch-early"
	install -m 755 tests/boot/guest/pid1-init "$tree/init"
	mkdir -p "$tree/usr/bin"
	install -D -m 755 images/guest-init "$tree/test/guest-init"
	for applet in $(busybox --list); do ln -s /bin/busybox "$tree/usr/bin/$applet"; done
	cp tests/boot/guest/*.sh "$tree/test/"
}

system
alone
boot_to_end "on_failure=emergency.*there is no shell: it is missing; the machine is switched off in 10 s.*reboot: Power down" rdinit=/usr/sbin/kpatch-early
system
install -m 755 /dev/stdin "$tree/bin/sh" <<-'END'
	#!/bin/busybox sh
	[ -c /dev/console ] && [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && (: </dev/tty) && echo "test: the shell, on its terminal" >/dev/kmsg
	kill -9 $$
END
alone
boot_again policy-pid1 rdinit=/usr/sbin/kpatch-early
done_booting
