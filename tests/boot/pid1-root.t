#!/usr/bin/env bash
# As init= of a read-only root, with the real init named by kpatch.init=.
. "$(dirname "$0")/lib.sh"
use amd64
root_as_pid_1
boot pid1 init=/usr/sbin/kpatch-early kpatch.init=/test/pid1-init kpe_words=/test/pid1-init_a_b -- a b
