#!/usr/bin/env bash
# systemd-boot counts the boots of kpatch-early+3.conf: a patch that panics, without any boot guard, costs
# three, and the machine comes up by itself, unpatched, by config/boot/systemd-boot-off.conf. That a boot was
# good is systemd's own doing, in a full system; that the next one is counted anew, a drop-in's, whose command
# runs here.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
ends_anywhere
overlay lp_panic
boot_loader systemd-boot counted disabled kpe_reason=kpatch.disable_on_the_kernel_command_line rdinit=/usr/sbin/kpatch-early
panicked 3

mkdir -p "$work/bin" "$work/esp/loader/entries"
install -m 755 /dev/stdin "$work/bin/bootctl" <<<"#!/bin/sh
[ \"\$*\" = --print-esp-path ] && echo '$work/esp'"
# blessed FILE: what is there after a counted boot, if this was its entry before
blessed() {
	rm -f "$work"/esp/loader/entries/*
	touch "$work/esp/loader/entries/$1"
	PATH=$work/bin:$PATH sh -c "$(sed -n "s/^ExecStartPost=\/bin\/sh -c '\(.*\)'$/\1/p" config/boot/systemd-boot-bless.conf)"
	ls "$work/esp/loader/entries"
}
says kpatch-early+3.conf "after a good boot the next one is counted" blessed kpatch-early.conf
says kpatch-early+0-3.conf "what systemd-boot turned off stays off" blessed kpatch-early+0-3.conf
done_booting
