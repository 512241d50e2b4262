#!/usr/bin/env bash
# A full Debian: the guide's procedure 3, kpatch.service disabled; and enabled again. The host rebuilds the
# initramfs after each of these boots.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
boot_disk disable-service
guest_rebuilt 0 "a unit"
host_rebuilds /usr/lib/kpatch-early/rebuild
boot_disk disabled-service
guest_rebuilt 0 "a unit"
host_rebuilds /usr/lib/kpatch-early/rebuild
boot_disk patched
done_booting
