#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel without live patching of its own, and a core module that stands in for kpatch's, which refuses twice before it
# patches: patched, what the verbs say, both layouts of sysfs, turned off; and with the switch nothing.
# Only with --long.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/small-kernel.sh"
images/packages kernels
kernel=$(images/kernel-old-core)
release=$(<"$kernel/release")
patches=$kernel/patches
root=$work/root

# The root has the core module where kpatch looks for it, and bake brings it.
install -D -m 644 "$patches/kpatch.ko" "$root/usr/lib/kpatch/$release/kpatch.ko"
mkdir -p "$root/var/lib/kpatch/$release"
cp "$patches"/oc_{version,loadavg}.ko "$root/var/lib/kpatch/$release/"
"$BUILD/kpatch-early" bake -k "$release" --root "$root" --output "$tree" >"$work/said"
check $? "bake takes the patches, and brings what they need: $(tr '\n' ' ' <"$work/said")"

cp -r "$root/var" "$tree/"
mkdir -p "$tree/etc/modprobe.d"
echo "options kpatch busy=2" >"$tree/etc/modprobe.d/kpatch.conf"
small_guest
boot_small old-core
boot_small old-core-disabled kpatch.disable=1
done_booting
