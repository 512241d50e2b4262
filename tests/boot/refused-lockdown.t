#!/usr/bin/env bash
# Unsigned patches under lockdown=integrity.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp-execdomains
boot refused lockdown=integrity kpe_reason=the_kernel_forbids_loading.*Lockdown: kpe_last=Lockdown:
