# kpatch.disable=1 turns an overlay off.
. /test/lib.sh
init_ran
all_original
not_loaded lp_version
our_log
has /tmp/log "^disabled: .*kpatch.disable on the kernel command line" "the kernel log says so"
no_oops
done_testing
