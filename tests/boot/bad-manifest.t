#!/usr/bin/env bash
# A manifest with one wrong line.
. "$(dirname "$0")/lib.sh"
use amd64
line lp_version.ko
raw_line lp_loadavg.ko "$(printf '%064d' 0)" optional
base hook lp_version lp_loadavg lp-execdomains
boot bad-manifest
