#!/usr/bin/env bash
# An overlay and a base that has the dracut module and a patch of its own: replaced, joined, and run once.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd lp_loadavg
# What comes later wins, also if that is the base.
first=base-wins
. "$(dirname "$0")/overlay.sh"
overlay --add lp_version
join "$plain" "$overlay"
boot_again added
boot_again disabled kpatch.disable=1
done_booting
