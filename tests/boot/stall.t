#!/usr/bin/env bash
# A transition that stalls.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_stall lp_version
load_before kpe_sleeper
mkdir -p "$tree/etc/kpatch-early"
echo transition_timeout=2 >"$tree/etc/kpatch-early/kpatch-early.conf"
boot stall
