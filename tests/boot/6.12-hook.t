#!/usr/bin/env bash
# Kernel 6.12, whose modules are compressed (hook).
. "$(dirname "$0")/lib.sh"
use 6.12-amd64
base hook lp_version lp_loadavg lp-execdomains
keep_tree
boot three-patches
