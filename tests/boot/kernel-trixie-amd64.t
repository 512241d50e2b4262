#!/usr/bin/env bash
# Three patches on Debian 13's 6.12, compiled by Debian 13's compiler (hook).
# Only with --long.
. "$(dirname "$0")/lib.sh"
use trixie-amd64
base hook lp_version lp_loadavg lp-execdomains
keep_tree
boot three-patches
