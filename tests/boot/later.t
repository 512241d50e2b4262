#!/usr/bin/env bash
# A patch for a driver that is loaded later, and one that needs a stock module.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_later lp_depends
boot later
