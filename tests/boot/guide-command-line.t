#!/usr/bin/env bash
# A full Debian: the kernel command line, which the late service obeys too, and only for that boot.
. "$(dirname "$0")/lib.sh"
use amd64
disk patched.img
boot_disk command-line kpatch.disable=1
boot_disk skipped kpatch.skip=lp-version
boot_disk stalled
done_booting
