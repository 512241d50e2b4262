#!/usr/bin/env bash
# One of three patches is left out by kpatch.skip=.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp-execdomains
boot skip kpatch.skip=lp-loadavg.ko
