#!/usr/bin/env bash
# One bad patch with dracut: on kernel 6.12, whose modules are compressed, and with systemd in the initramfs.
. "$(dirname "$0")/zoo.sh"
words=()
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
done_booting
