#!/usr/bin/env bash
# A manifest for two kernels.
. "$(dirname "$0")/lib.sh"
use 6.12-amd64
line lp_loadavg.ko
use amd64
line lp_version.ko required
base hook lp_version lp_loadavg lp-execdomains
boot two-kernels
