#!/usr/bin/env bash
# Unsigned patches under module.sig_enforce=1.
. "$(dirname "$0")/lib.sh"
use amd64
line lp_version.ko
line lp_loadavg.ko
line lp-execdomains.ko
base hook lp_version lp_loadavg lp-execdomains
# The disk's driver is signed by the distribution, and loads.
boot refused module.sig_enforce=1 kpe_reason=the_kernel_wants_a_valid_signature kpe_last=signature
