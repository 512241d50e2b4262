#!/usr/bin/env bash
# A full Debian: the guide's procedure 3, kpatch.service disabled; and enabled again.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
boot_disk disable-service
boot_disk disabled-service
boot_disk patched
done_booting
