#!/usr/bin/env bash
# kpatch.enable=0, the late service's own switch, with systemd.
. "$(dirname "$0")/lib.sh"
use amd64
base systemd lp_version lp_loadavg lp-execdomains
boot disabled kpatch.enable=0 kpe_reason=kpatch.enable=0
