#!/usr/bin/env bash
# kpatch.disable=1 on the kernel command line.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp-execdomains
boot disabled kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
