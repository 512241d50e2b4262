#!/usr/bin/env bash
# Kernel 6.12: a driver that comes later, and a compressed module that a patch needs.
. "$(dirname "$0")/lib.sh"
use 6.12-amd64
base hook lp_later lp_depends
boot later
