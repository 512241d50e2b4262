# Another kernel's overlay does nothing.
. /test/lib.sh
init_ran
all_original
not_loaded lp_version
our_log
has /tmp/log "^nothing: .*the manifest has no line for this kernel" "the kernel log says so"
no_oops
done_testing
