#!/usr/bin/env bash
# The command line tests once more, with the program built for ASan and UBSan.
# It waits more than it computes.
# Only with --long.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.." || exit
build=$(realpath "${BUILD:-build}")
# strace traces some runs, and LeakSanitizer cannot work in a traced process.
export ASAN_OPTIONS=detect_leaks=0 KPATCH_EARLY=$build/san/kpatch-early
exec bats --tap tests/cli/apply.bats tests/cli/bake.bats tests/cli/info.bats tests/cli/guard.bats tests/cli/policy.bats tests/cli/rollback.bats tests/cli/trust.bats
