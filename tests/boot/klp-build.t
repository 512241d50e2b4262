#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Patches that upstream's klp-build made (images/klp-build), by each of the verbs, in boots of the small kernel that they are
# for.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/small-kernel.sh"
. "$(dirname "$0")/real.sh"
kernel=$(images/klp-build)
release=$(<"$kernel/release")
patches=$kernel/patches
all=(klp_beside klp_replacing)

is_patched klp_beside binfmt_misc bm_status_read loadavg_proc_show version_proc_show vmlinux
is_patched klp_replacing devinfo_show vmlinux

install_all
in_order klp_beside
baked whole
baked stripped --strip
# What klp-build leaves of relocations that became live patching's loses its symbols.
is_whole klp_beside .rela.text
cp -r "$work/whole/." "$tree/"
with_late "$kernel/binfmt_misc.ko"
small_guest
boot_small klp-beside

in_order klp_beside klp_replacing
new_tree
in_overlay
with_late "$kernel/binfmt_misc.ko"
small_guest
boot_small klp-replacing
done_booting
