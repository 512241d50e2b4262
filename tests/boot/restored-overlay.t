#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the program says of an overlay, of one that is added to a base's patches, and of one for another
# kernel. The guest's tree is the overlay, unpacked; that the kernel unpacks it over each base, overlay-*.t
# show.
. "$(dirname "$0")/restore.sh"
use 6.12-amd64
overlay lp_version
mv "$overlay" "$work/other.cpio"
unpacked "$work/other.cpio"
use amd64
ask overlay-nothing

overlay lp_version
unpacked "$overlay"
ask overlay-patched
ask overlay-disabled kpatch.disable=1

overlay --add lp_version
patches lp_loadavg
unpack "$overlay"
ask added
ask disabled kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
done_booting
