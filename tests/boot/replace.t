#!/usr/bin/env bash
# A cumulative patch, and a second run.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp_replace
keep_tree
boot replace
