#!/usr/bin/env bash
# Two CPUs, where a transition is not done when finit_module returns.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp-execdomains
keep_tree
BOOT_CPUS=2 boot three-patches
