#!/usr/bin/env bash
# As init= of a read-only root, switched off: init runs, nothing is loaded.
. "$(dirname "$0")/lib.sh"
use amd64
root_as_pid_1
boot disabled init=/usr/sbin/kpatch-early kpatch.disable=1 kpe_reason=kpatch.disable_on_the_kernel_command_line
