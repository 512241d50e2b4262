#!/usr/bin/env bash
# An overlay and an unchanged base of a newer dracut with systemd, which keeps its hooks in another folder.
. "$(dirname "$0")/lib.sh"
use amd64
initramfs=$(images/initramfs-newer "$kernel" systemd)
# A folder of the overlay's would be where this base has a symbolic link to the other folder.
first=
. "$(dirname "$0")/overlay.sh"
overlay --no-check lp_version lp_veto
join "$plain" "$overlay"
boot_again rollback-none rd.retry=3
done_booting
