#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An initramfs with the /init that docs/minimal.md has, as it stands there, and the tree of the same page: patched; switched off;
# and with a patch for which the kernel refuses the root's disk, which costs the patch and not the boot.
. "$(dirname "$0")/lib.sh"
use amd64
base_by_hand
hand=$work/hand
sed -n '/^#!.bin.busybox sh$/,/^exec switch_root/p' docs/minimal.md >"$hand/init"
rm -r "${hand:?}"/{dev,mnt,proc,sys}

# packed NAME: the initramfs, with this patch
packed() {
	rm -rf "${hand:?}"/{etc,usr}
	install -D "$programs/early/kpatch-early" "$hand/usr/sbin/kpatch-early"
	"$BUILD/kpatch-early" bake -k "$release" --no-check --output "$hand" "$patches/$1.ko" >/dev/null
	(cd "$hand" && find . | cpio -o -H newc --quiet -R 0:0 | gzip -1) >"$work/base.img"
	initramfs=$work/base.img
}

packed lp_version
boot_again one-patch
boot_again disabled kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
packed lp_veto
boot_again rollback-none
done_booting
