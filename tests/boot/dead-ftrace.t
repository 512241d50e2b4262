#!/usr/bin/env bash
# ftrace has shut itself down: the first patch tells, the others are not tried.
. "$(dirname "$0")/lib.sh"
use amd64
base hook lp_version lp_loadavg lp-execdomains
load_before kpe_kill_ftrace
boot dead-ftrace
