# The EFI variable is gone: it is made again, and counts.
. /test/guard.sh
state applied
guard trying
patched_version
our_log
has /tmp/log "^the boot guard's record in $variable is lost; it is made again" "the log says so"
no_variables_left
is "$(sequence)" 1 "that it is tried is written"
says 0 "the set of patches is proven" kpatch-early bless
no_oops
done_testing
