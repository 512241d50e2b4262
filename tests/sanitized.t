#!/usr/bin/env bash
# The command line tests once more, with the program built for ASan and UBSan.
# It waits more than it computes.
# Only with --long.
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.." || exit
build=$(realpath "${BUILD:-build}")
# strace traces some runs, and LeakSanitizer cannot work in a traced process.
export ASAN_OPTIONS=detect_leaks=0 KPATCH_EARLY=$build/san/kpatch-early
# It is the early program too, which overlay packs from beside the host's.
ln -f "$KPATCH_EARLY" "$build/san/early/kpatch-early"
exec bats --tap tests/cli/{apply,bake,dracut,guard,info,overlay,policy,rollback,root,tools,trust}.bats
