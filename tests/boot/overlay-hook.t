#!/usr/bin/env bash
# An overlay and an unchanged base of dracut's without systemd, which has nothing of ours.
. "$(dirname "$0")/lib.sh"
use amd64
base hook
. "$(dirname "$0")/overlay.sh"
done_booting
