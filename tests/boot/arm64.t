#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An arm64 kernel, built from the distribution's source: what other kernels are asked in restored guests, in cold boots. Our
# program is PID 1 of an initramfs, and of a root that the kernel mounts without any.
# Only with --long.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/questions.sh"
. "$(dirname "$0")/arm64.sh"

# boot_cold KERNEL ARCHIVE NAME LOG [WORD...]: a boot with the archive as initramfs, in place of a restored guest
boot_cold() {
	local init=$as_pid_1
	[[ ! -e $tree/before ]] || init=rdinit=/before-init
	images/boot "$1" "$2" "$3" "$4" "$init" "${@:5}"
}

# modules FOLDER: those that samples need, and the list of what is built in
modules() {
	local to=$1/lib/modules/$release
	mkdir -p "$to"
	cp "$kernel/lib/modules/$release"/modules.{builtin*,order} "$patches"/kpe_{sleeper,slow}.ko "$to/"
	find "$kernel/lib/modules/$release/" -name crc-itu-t.ko -exec cp {} "$to/" \;
	depmod -b "$1" "$release"
}

# whole_common_tree: what each guest gets, and what a restored one has besides
whole_common_tree() {
	local common=$work/common applet
	common_tree
	mkdir -p "$common"/{bin,dev,proc,run,sys,tmp,usr/bin}
	install -m 755 "$busybox" "$common/bin/busybox"
	for applet in $(busybox --list); do
		[[ $applet == busybox ]] || ln -s /bin/busybox "$common/usr/bin/$applet"
	done
	install -m 755 tests/boot/guest/before-init "$common/before-init"
	modules "$common"
}

pid_1_of_initramfs() {
	patches lp_version
	install -m 755 tests/boot/guest/pid1-init "$tree/init"
	install -D -m 755 images/guest-init "$tree/test/guest-init"
	ask pid1 kpe_words=/init_apply_--help -- apply --help
}

pid_1_of_root() {
	boot_with=images/boot
	initramfs=none
	patched_root
	boot_again pid1 init=/usr/sbin/kpatch-early kpatch.init=/test/pid1-init kpe_words=/test/pid1-init_a_b -- a b
	boot_again disabled init=/usr/sbin/kpatch-early kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
}

boot_with=boot_cold
whole_common_tree
use amd64
other=$patches/lp_replace.ko
use arm64
outcomes
manifests arm64 amd64
refusals
replacing
new_tree
wrong_files "$other"
ask faults
pid_1_of_initramfs
pid_1_of_root
done_booting
