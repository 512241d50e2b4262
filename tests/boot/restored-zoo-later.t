#!/usr/bin/env bash
# Bad patches whose harm comes after they are in force: seconds later, and when the real init is to run.
# It waits more than it computes.
. "$(dirname "$0")/restore.sh"
. "$(dirname "$0")/zoo.sh"
use amd64
guest=zoo-waits
crashes lp_panic_later "Kernel panic.*lp_panic_later panics"
guest=none
# Whoever executes it is PID 1, our program.
ends "Kernel panic.*Attempted to kill init" 1 lp_exec_fails
done_booting
