# One wrong line: nothing is loaded.
. /test/lib.sh
init_ran
all_original
not_loaded lp_version
state failed
has "$status" '^reason="/etc/kpatch-early/manifest line 2: unknown option"$' "line and reason are told"
our_log
has /tmp/log "^failed: .*line 2: unknown option" "the kernel log says so"
done_testing
