#!/usr/bin/env bash
# Three patches, in an initramfs without systemd.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp-execdomains
keep_tree
boot three-patches
