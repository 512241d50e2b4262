#!/usr/bin/env bash
# Three patches on Debian 12's 6.1 with PREEMPT_RT (hook).
# Only with --long.
. "$(dirname "$0")/lib.sh"
use rt-amd64
base hook lp_version lp_loadavg lp-execdomains
keep_tree
boot three-patches
