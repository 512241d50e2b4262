#!/usr/bin/env bash
# A manifest for another kernel only.
. "$(dirname "$0")/lib.sh"
use 6.12-amd64
line lp_version.ko
use amd64
base hook lp_version lp_loadavg lp-execdomains
boot other-kernel
