#!/usr/bin/env bash
# Three patches on Debian 11's 5.10 (hook).
. "$(dirname "$0")/lib.sh"
use 5.10-amd64
base hook lp_version lp_loadavg lp-execdomains
keep_tree
boot three-patches
