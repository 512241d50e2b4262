#!/usr/bin/env bash
# An overlay and an unchanged base of dracut's with systemd, which has nothing of ours.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd
. "$(dirname "$0")/overlay.sh"
cut_overlay
done_booting
