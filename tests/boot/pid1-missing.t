#!/usr/bin/env bash
# As init= of a read-only root: a kpatch.init= that is missing is told, and /sbin/init runs.
. "$(dirname "$0")/lib.sh"
use amd64
root_as_pid_1
boot pid1 init=/usr/sbin/kpatch-early kpatch.init=/nowhere kpe_words=/sbin/init_single -- single
