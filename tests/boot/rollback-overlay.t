#!/usr/bin/env bash
# An overlay whose patch has the kernel refuse the root disk's driver, and bases that know nothing of us: the same boot
# comes up without patches, in each kind of initramfs.
. "$(dirname "$0")/lib.sh"
use amd64
overlay --no-check lp_version lp_veto
for flavour in hook systemd; do
	base $flavour
	join "$initramfs" "$overlay"
	boot_again rollback-none rd.retry=3
done
done_booting
