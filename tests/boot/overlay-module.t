#!/usr/bin/env bash
# An overlay and a base that has the dracut module and a patch of its own: replaced, joined, and run once.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd lp_loadavg
# In front of the base its manifest is the later one, and what the overlay has is joined to it.
first=added
. "$(dirname "$0")/overlay.sh"
overlay --add lp_version
join "$plain" "$overlay"
boot_again added
done_booting
