#!/usr/bin/env bash
# A full Debian: the guide's procedure 2, by the real kpatch and by ours. Nothing rebuilds the
# initramfs but the path unit and the shutdown.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
boot_disk uninstall-kpatch
boot_disk install-again
boot_disk uninstall-early
boot_disk removed
done_booting
