#!/usr/bin/env bash
# Bad patches that the kernel refuses: no crash, and no boot is lost.
# It waits as long as it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
settings=(transition_timeout=2)
refused lp_init_fails
refused lp_init_returns_one
refused lp_unknown_function
refused lp_unknown_symbol
refused lp_stall 2
done_booting
