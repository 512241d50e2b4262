#!/usr/bin/env bash
# Bad patches whose harm comes after they are in force: seconds later, and when the real init is to run.
. "$(dirname "$0")/zoo.sh"
guest=zoo-waits
crashes lp_panic_later "Kernel panic.*lp_panic_later panics"
guest=none
# Whoever executes it is PID 1: our program, and with dracut its shell.
killed="Kernel panic.*Attempted to kill init"
ends "$killed" 1 lp_exec_fails
base hook lp_version
first_base=$initramfs words=()
ends "$killed" 2 lp_version lp_exec_fails lp_loadavg
comes_back
done_booting
