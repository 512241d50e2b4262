#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Patches that the real kpatch-build made (images/real-patches), by each of the verbs, whole and stripped, in restored guests;
# and one for the driver of the root's disk, in a boot.
# Only with --long.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/real.sh"
use amd64
[[ $release == 6.1.* ]] || {
	echo "1..0 # SKIP kpatch-build refuses the kernels of later Debians, which have CONFIG_X86_KERNEL_IBT"
	exit
}
patches=$(images/real-patches "$kernel")
beside=(real_version real_uptime real_loadavg real_binfmt_misc real_virtio_blk)
all=("${beside[@]}" real_cumulative real_replacing)

# ask_baked FOLDER: a guest has this tree
ask_baked() {
	new_tree
	cp -r "$work/$1/." "$tree/"
	with_late "$kernel/lib/modules/$release/kernel/fs/binfmt_misc.ko"
	ask real-beside
}

is_patched real_version version_proc_show vmlinux
is_patched real_uptime uptime_proc_show vmlinux
is_patched real_loadavg loadavg_proc_show vmlinux
is_patched real_replacing devinfo_show vmlinux
is_patched real_cumulative uptime_proc_show version_proc_show vmlinux
is_patched real_binfmt_misc binfmt_misc bm_status_read
is_patched real_virtio_blk cache_type_show virtio_blk

install_all
baked alphabet
says "kpatch-early: bake: 7 patches for $release replace those before them (kpatch-build's and klp-build's by default), so of \
these only real_virtio_blk.ko will be in force; a drop-in sets another order" "bake" cat "$work/alphabet.said"
in_order "${beside[@]}"
baked whole
baked stripped --strip
for name in real_{version,uptime,binfmt_misc,virtio_blk}; do is_stripped "$name" 10; done
is_whole real_loadavg .klp.rela.vmlinux..rodata.counts
ask_baked whole
ask_baked stripped

in_order real_version real_uptime real_cumulative real_loadavg
in_overlay --strip
ask real-cumulative
in_order real_loadavg real_uptime real_replacing real_version
in_overlay
ask real-replacing

boot_with=images/boot
new_tree
base hook real_virtio_blk real_version
boot_again real-root
done_booting
