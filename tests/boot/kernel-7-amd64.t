#!/usr/bin/env bash
# Three patches on the newest kernel of Debian 13's backports (hook).
. "$(dirname "$0")/lib.sh"
use 7-amd64
base hook lp_version lp_loadavg lp-execdomains
keep_tree
boot three-patches
