#!/usr/bin/env bash
# Bad patches in cold boots by dracut, each with a real restart: on kernel 6.12, whose modules are compressed, with systemd in
# the initramfs, and one that kills dracut's shell, which is PID 1.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zoo.sh"
use 6.12-amd64
base hook lp_version
first_base=$initramfs
ends "Kernel panic.*Fatal exception" 1 lp_version lp_oops_callback lp_loadavg
comes_back
use amd64
base systemd lp_version
first_base=$initramfs
ends "Kernel panic.*Fatal exception" 1 lp_version lp_oops_callback lp_loadavg
comes_back
base hook lp_version
first_base=$initramfs
ends "Kernel panic.*Attempted to kill init" 1 lp_version lp_exec_fails lp_loadavg
done_booting
