#!/usr/bin/env bash
# Bad patches that crash the kernel while they are loaded.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
crashes lp_panic "Kernel panic.*lp_panic panics"
crashes lp_oops "Kernel panic.*Fatal exception"
crashes lp_oops_callback "Kernel panic.*Fatal exception"
done_booting
